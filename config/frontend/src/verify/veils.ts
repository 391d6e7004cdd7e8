/** Checks 6 and 7: what was hidden for a while is what was committed to.
 *
 * The commitments are those of docs/bundle.md, "Bytes": over a whole inner entry, and over one field of an entry.
 */
import { hex, join, utf8 } from "../seal/bytes.ts";
import { Malformed, text } from "../seal/canon.ts";
import { type Case, DISCLOSED, type Happened, LIFTED, VEILED, digestOf } from "./case.ts";
import { equal, keyOf, repeated } from "./equal.ts";
import type { Check, Found } from "./findings.ts";
import { NEVER, committed, readEntry } from "./shapes.ts";
import type { Trust } from "./trust.ts";

const REPORTED = "evaluation:report:made";

function veils(about: Case, _trust: Trust, found: Found): void {
  const hidden = new Map(about.entries.filter((one) => one.tag === VEILED).map((one) => [one.index, one]));
  const lifted = about.all(LIFTED);
  const indexes = lifted.map((one) => Number(one.v("index")));
  for (const index of repeated(indexes)) found.fault("lifted_twice", { index });
  for (const one of lifted) opens(hidden.get(Number(one.v("index"))), one, found);
  for (const index of hidden.keys()) found.unless(indexes.includes(index), "not_lifted", { index });
}

function opens(leaf: Happened | undefined, lifted: Happened, found: Found): void {
  const index = Number(lifted.v("index"));
  if (leaf === undefined) found.fault("veil_missing", { index });
  else if (!equal(leaf.v("commitment"), digestOf(join(utf8("sunlight.veiled/1\0"), lifted.v("salt"), lifted.v("inner"))))) {
    found.fault("veil", { index });
  } else if (lifted.index <= index) found.fault("veil_early", { index });
  try {
    readEntry(lifted.v("inner"));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    found.fault("not_canonical", { index, why: error.message });
  }
}

function disclosures(about: Case, _trust: Trust, found: Found): void {
  const byId = new Map(about.open.map((one) => [hex(one.id), one]));
  const said = about.all(DISCLOSED);
  for (const [field, id] of repeated(said.map((one) => [one.v("field"), hex(one.v("entry"))]))) found.fault("disclosed_twice", { field, id });
  for (const one of said) {
    const entry = byId.get(hex(one.v("entry")));
    found.unless(entry !== undefined && fits(entry, one), "disclosure", { index: one.index });
  }
  const done = new Set(said.map((one) => keyOf([one.v("entry"), one.v("field")])));
  for (const one of about.open) {
    for (const field of promised(about, one)) found.unless(done.has(keyOf([one.id, field])), "undisclosed", { field, index: one.index });
  }
}

/** The fields of an entry that had to be disclosed before the last report of its lot. */
function promised(about: Case, one: Happened): string[] {
  const report = one.has("lot") ? about.last(REPORTED, { lot: one.v("lot") }) : undefined;
  if (report === undefined || one.index >= report.index) return [];
  return [...committed(one.tag)].filter(([, by]) => by !== NEVER).map(([name]) => name);
}

/** Whether `said` opens a field of `entry` that is to be opened, after it. */
function fits(entry: Happened, said: Happened): boolean {
  const field = said.v("field") as string;
  if ((committed(entry.tag).get(field) ?? NEVER) === NEVER || said.index <= entry.index) return false;
  const made = digestOf(join(utf8("sunlight.commit/1\0"), said.v("salt"), entry.id, text.write(field), said.v("value")));
  return equal(entry.v(field), made);
}

export const CHECKS: readonly Check[] = [
  { number: 6, rule: veils, since: [LIFTED] },
  { number: 7, rule: disclosures, since: [DISCLOSED, REPORTED] },
];
