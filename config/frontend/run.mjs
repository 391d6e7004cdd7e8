// Bundles a command line of this folder and runs it: `node run.mjs src/seal/twin.ts ARGUMENT...`. For tests that set the
// page's code beside the program's (tests/bidding/envelope/test_twin.py, tests/supervision/verifier/test_second.py).
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const [script] = process.argv.splice(2, 1); // what is run sees the arguments that are its own
// Beside node_modules, so that packages left outside the bundle are found.
const out = mkdtempSync(join(here, "node_modules", ".run-"));
try {
  const outfile = join(out, "command.mjs");
  await build({
    absWorkingDir: here,
    entryPoints: [script],
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
