// Bundles the sealing twin's command line (src/seal/twin.ts) and runs it: one question on standard input, one answer on
// standard output. For tests/bidding/envelope/test_twin.py.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
// Beside node_modules, so that packages left outside the bundle are found.
const out = mkdtempSync(join(here, "node_modules", ".twin-"));
try {
  const outfile = join(out, "twin.mjs");
  await build({
    absWorkingDir: here,
    entryPoints: ["src/seal/twin.ts"],
    outfile,
    bundle: true,
    platform: "node",
    packages: "external",
    format: "esm",
    target: "es2022",
  });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(out, { recursive: true, force: true });
}
