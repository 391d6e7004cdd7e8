// Bundles every src/**/*.test.ts (so that the oldest node we accept can run it) and hands them to node's test runner.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const tests = readdirSync(join(here, "src"), { recursive: true })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join(here, "src", name));
if (tests.length === 0) throw new Error("no tests found under src/");

// Beside node_modules, so that packages left outside the bundle are still found.
const out = mkdtempSync(join(here, "node_modules", ".tests-"));
try {
  const outcome = await build({
    entryPoints: tests,
    outbase: join(here, "src"),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    packages: "external",
    format: "esm",
    target: "es2022",
    sourcemap: "inline",
    loader: { ".csv": "text" },
    metafile: true,
    absWorkingDir: here,
  });
  const files = Object.keys(outcome.metafile.outputs).map((name) => join(here, name));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit", cwd: here });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
