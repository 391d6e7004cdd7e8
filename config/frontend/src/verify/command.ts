/** The page's verifier at a command line, for tests: `run.mjs src/verify/command.ts LOG_KEY ROOTS BUNDLE...`.
 * Leaves: one line of JSON a bundle, the head and every result as the page has them. */
import { readFileSync } from "node:fs";
import type { Result } from "./findings.ts";
import { TABLES } from "./tables.ts";
import { trustOf } from "./trust.ts";
import { type Head, verify } from "./verifying.ts";

const [logKey, roots, ...bundles] = process.argv.slice(2) as [string, string, ...string[]];

const trust = trustOf(readFileSync(logKey, "utf8"), readFileSync(roots, "utf8"), TABLES);
for (const bundle of bundles) {
  let head: Head | null = null;
  const results: Result[] = [];
  const began = performance.now();
  await verify(new Uint8Array(readFileSync(bundle)), trust, { head: (found) => (head = found), going: () => {}, result: (one) => results.push(one) });
  console.log(JSON.stringify({ bundle, head, results, milliseconds: Math.round(performance.now() - began) }));
}
