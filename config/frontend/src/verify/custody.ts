/** Checks 8 and 9: who held the keys of a tender. And the sheet that was in force, for the checks of the opening. */
import { type Policy, parsePolicy } from "../seal/policy.ts";
import { type CustodySheet, type LeafKey, readSheet } from "../seal/sheet.ts";
import { SHEET, bodies } from "./belonging.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import { equal, repeated, sameSet } from "./equal.ts";
import { type Check, type Found, eachLot } from "./findings.ts";
import { NOTICED } from "./notice.ts";
import type { Value } from "./shapes.ts";
import type { Trust } from "./trust.ts";

const USUAL = "2(a,c,r)";
const OFFICES: Readonly<Record<string, string>> = { a: "agent", c: "centre", r: "regulator" };
const CLOSED = "bidding:lot:closed";

/** The sheet in force for the bids that were counted: the last one before the count. */
export function sheetOf(about: Case, lot: string): CustodySheet {
  const closed = about.first(CLOSED, { lot });
  const found = about.all(SHEET, { lot }).filter((one) => closed === undefined || one.index < closed.index).at(-1);
  return readSheet((found ?? about.one(SHEET, { lot })).v("sheet"));
}

export function policyOf(about: Case, lot: string): Policy {
  return parsePolicy(sheetOf(about, lot).policy);
}

/** The sheets that were in force at some time from the notice on: the last one before it, and every later one. */
export function brought(about: Case, lot: string): Happened[] {
  const { index } = about.one(NOTICED, { lot });
  const every = about.all(SHEET, { lot });
  return [...every.filter((one) => one.index < index).slice(-1), ...every.filter((one) => one.index > index)];
}

/** Check 8. */
async function sheets(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  const { index } = about.one(NOTICED, { lot });
  const came = brought(about, lot);
  found.unless(came[0] !== undefined && came[0].index < index, "sheet_late");
  for (const one of came) {
    found.unless(one.index < index || isByAddendum(about, lot, one), "sheet_late");
    await checkSheet(about, trust, one, { lot, round: one.v("round") }, found);
  }
}

/** Whether a sheet came in the very act of an addendum that matters, before the bids were counted. */
function isByAddendum(about: Case, lot: string, entry: Happened): boolean {
  const closed = about.first(CLOSED, { lot });
  const issued = about.all("trading:addendum:issued", { material: true }).filter((one) => one.at === entry.at && one.by === entry.by).at(-1);
  return issued !== undefined && issued.index < entry.index && (closed === undefined || entry.index < closed.index);
}

/** What is wrong with one sheet: place, policy, bodies, every signature. */
export async function checkSheet(
  about: Case, trust: Trust, entry: Happened, place: { lot: string; round: bigint }, found: Found,
): Promise<void> {
  const sheet = readSheet(entry.v("sheet"));
  found.unless(sheet.lot === place.lot && sheet.round === place.round && entry.v("round") === sheet.round, "sheet_other");
  const chosen = about.all("bidding:policy:chosen", { tender: about.tender }).filter((one) => one.index < entry.index).at(-1);
  found.unless(sheet.policy === (chosen?.v("policy") ?? USUAL), "sheet_policy");
  const around = bodies(about);
  const isOf = (leaf: LeafKey): boolean => around.get(OFFICES[leaf.label.charAt(0)] ?? "")?.credit_code === leaf.holder;
  found.unless(sheet.leaves.every(isOf), "sheet_bodies");
  const signatures = entry.v("signatures") as Value[];
  const signed = signatures.map((one) => one.label);
  found.unless(repeated(signed).length === 0 && sameSet(signed, sheet.leaves.map((leaf) => leaf.label)), "sheet_unsigned");
  for (const leaf of sheet.leaves) {
    const signature = signatures.filter((one) => one.label === leaf.label).at(-1)?.signature ?? new Uint8Array();
    await signedBy(about, trust, entry, leaf, signature, found);
  }
}

async function signedBy(about: Case, trust: Trust, entry: Happened, leaf: LeafKey, signature: Value, found: Found): Promise<void> {
  const { label } = leaf;
  const signer = await trust.signer(entry.v("sheet"), signature, entry.at);
  found.unless(equal(signer.fingerprint, leaf.certificate) && signer.creditCode === leaf.holder, "sheet_signer", { label });
  const said = about.all("bidding:sheet:signed", { lot: entry.v("lot"), label, sheet: digestOf(entry.v("sheet")) });
  found.unless(said.some((one) => one.index < entry.index), "sheet_not_said", { label });
}

/** Check 9. */
function keys(about: Case, _trust: Trust, lot: string, found: Found): void {
  for (const entry of brought(about, lot)) checkKeys(about, entry, found);
}

/** Each key of a sheet is the last that was registered for its leaf before it. */
export function checkKeys(about: Case, entry: Happened, found: Found): void {
  for (const leaf of readSheet(entry.v("sheet")).leaves) {
    const named = about.all("bidding:key:registered", { tender: about.tender, label: leaf.label });
    const last = named.filter((one) => one.index < entry.index).at(-1);
    const said = last && [last.v("holder"), last.v("certificate"), last.v("key")];
    found.unless(equal(said, [leaf.holder, leaf.certificate, leaf.key]), "key", { label: leaf.label });
  }
}

export const CHECKS: readonly Check[] = [
  { number: 8, rule: eachLot(sheets) },
  { number: 9, rule: eachLot(keys) },
];
