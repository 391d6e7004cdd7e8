// Bundles the command line of the page's verifier (src/verify/command.ts) and runs it over the bundles named; one line of
// JSON each. For tests/supervision/verifier/test_second.py.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
// Beside node_modules, so that packages left outside the bundle are found.
const out = mkdtempSync(join(here, "node_modules", ".verify-"));
try {
  const outfile = join(out, "command.mjs");
  await build({
    absWorkingDir: here,
    entryPoints: ["src/verify/command.ts"],
    outfile,
    bundle: true,
    platform: "node",
    packages: "external",
    format: "esm",
    target: "es2022",
    loader: { ".csv": "text" },
  });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(out, { recursive: true, force: true });
}
