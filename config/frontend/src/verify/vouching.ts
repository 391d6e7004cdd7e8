/** Checks 43 and 44, the part that needs no more than the log's key: what others vouched for continues this state of the
 * log, in its one form. Whose word counts, the program asks: it takes a witness policy and timestamp roots. */
import { readNote } from "../custody/log.ts";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, base64, join, same, unbase64 } from "../seal/bytes.ts";
import type { Case, Later } from "./case.ts";
import { Broken, type Check, type Found } from "./findings.ts";
import { stateOf } from "./log.ts";
import type { Trust } from "./trust.ts";

function node(left: Bytes, right: Bytes): Bytes {
  return sha256(join(Uint8Array.of(0x01), left, right)) as Bytes;
}

interface Tree {
  readonly size: number;
  readonly root: Bytes;
}

/** Whether `proof` shows that `newer` continues `older` (RFC 9162 2.1.4.2). */
export function continues(older: Tree, newer: Tree, proof: readonly Bytes[]): boolean {
  if (older.size > newer.size || older.size < 1 || proof.some((step) => step.length !== 32)) return false;
  if (older.size === newer.size) return proof.length === 0 && same(older.root, newer.root);
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)];
  const steps = at === 0 ? [older.root, ...proof] : [...proof];
  const first = steps.shift();
  if (first === undefined) return false;
  let [left, right] = [first, first];
  for (const step of steps) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [left, right] = [node(step, left), node(step, right)];
      while (at !== 0 && at % 2 === 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      right = node(right, step);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(left, older.root) && same(right, newer.root);
}

/** A signature line (C2SP signed-note): a name without spaces, as Python knows them, or plus signs; base64. */
const LINE = /^— (?:[^\s+\u001c-\u001f\u0085]|\ufeff)+ \S+$/;

/** Whether `later` continues the bundle's state; broken when it does not. Its signature lines, in their one form or not. */
function linesOf(about: Case, trust: Trust, later: Later): { lines: readonly string[]; isPlain: boolean } {
  const [own, found] = [stateOf(about, trust), readNote(later.checkpoint, trust.logKey)];
  if (found === null || found.origin !== own.origin || !continues(own, found, later.proof)) {
    throw new Broken("another checkpoint than one that continues the bundle's");
  }
  const head = `${found.origin}\n${found.size}\n${base64(found.root)}\n\n`;
  const lines = later.checkpoint.slice(head.length).split("\n");
  const isEnded = lines.pop() === "";
  const isLine = (line: string): boolean => LINE.test(line) && unbase64(line.split(" ")[2] as string) !== null;
  const isPlain = later.checkpoint.startsWith(head) && isEnded && lines.length > 0 && lines.every(isLine) && (lines[0] as string).startsWith(`— ${found.origin} `);
  return { lines, isPlain };
}

/** Check 43. */
function witnesses(about: Case, trust: Trust, found: Found): void {
  if (about.witnessed !== null) found.unless(linesOf(about, trust, about.witnessed).isPlain, "witnesses_form");
  found.not("elsewhere");
}

/** Check 44. */
function timestamps(about: Case, trust: Trust, found: Found): void {
  if (about.stamped !== null) {
    const { lines, isPlain } = linesOf(about, trust, about.stamped);
    found.unless(isPlain && lines.length === 1, "timestamp_form");
  }
  found.not("elsewhere");
}

export const CHECKS: readonly Check[] = [
  { number: 43, rule: witnesses },
  { number: 44, rule: timestamps },
];
