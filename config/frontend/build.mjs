// Enters: the entry points below. Leaves: one file each in config/static/built/, with a source map beside it.
// A new page script is one more line in `entries`; what it imports is bundled into it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

const entries = [
  { in: "src/site/site.ts", out: "site" },
  { in: "src/seal/bid.ts", out: "bid" },
  { in: "src/seal/own_page.ts", out: "own" },
  { in: "src/seal/seal-worker.ts", out: "seal-worker" },
  { in: "src/custody/desk.ts", out: "custody" },
  { in: "src/custody/giving_desk.ts", out: "giving" },
  { in: "src/custody/custody-worker.ts", out: "custody-worker" },
  { in: "src/sign/sign.ts", out: "sign" },
  { in: "src/verify/page.ts", out: "verify" },
  { in: "src/verify/verify-worker.ts", out: "verify-worker" },
  { in: "src/look/site.css", out: "site" },
];

const missing = entries.filter((entry) => !existsSync(`${here}${entry.in}`));
if (missing.length > 0) {
  throw new Error(`entry points without a file: ${missing.map((entry) => entry.in).join(", ")}`);
}

/** @type {import("esbuild").BuildOptions} */
const options = {
  absWorkingDir: here,
  entryPoints: entries,
  outdir: "../static/built",
  bundle: true,
  format: "esm",
  // The oldest browsers we promise: Chromium 109 and what is younger (screens.md 1.2, line 1).
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: true,
  sourcemap: "external",
  legalComments: "linked",
  loader: { ".svg": "file", ".csv": "text" },
  assetNames: "[name]",
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  const watching = await context(options);
  await watching.watch();
} else {
  await build(options);
}
