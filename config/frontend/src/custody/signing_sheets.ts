/** What a custodian's client looks for before it signs a sheet (twin of bidding/client/custodian.py): the own key under
 * the own label in every sheet, the policy that was agreed, the same keys for all lots.
 *
 * Enters: the site's facts of a tender, the own public key and certificate. Leaves: the checked sheets; refused on doubt.
 */
import { type Bytes, hex, same, unbase64 } from "../seal/bytes.ts";
import { refuse } from "../seal/refused.ts";
import { type CustodySheet, type LeafKey, readSheet } from "../seal/sheet.ts";

export interface ShownLeaf {
  readonly label: string;
  readonly name: string;
}

export interface ShownSheet {
  readonly lot: string;
  readonly sheet: string;
  readonly rehearsal: boolean;
  readonly signed_by_me: boolean;
  readonly sealed: boolean;
  readonly signatures: Readonly<Record<string, string>>;
  readonly leaves: readonly ShownLeaf[];
}

export interface Agreed {
  readonly tender: string;
  readonly round: number;
  readonly policy: string;
  readonly label: string;
}

/** What is the custodian's own: known from the own files, not from the site. */
export interface Own {
  readonly key: Bytes;
  readonly certificate: Bytes;
  readonly holder: string;
}

export interface ReadSheet {
  readonly lot: string;
  readonly rehearsal: boolean;
  readonly data: Bytes;
  readonly sheet: CustodySheet;
}

/** The sheets to sign, each read from its bytes. Refused `bidding.sheet_not_mine`, `.sheets_differ`, and for form. */
export function checkSheets(shown: readonly ShownSheet[], agreed: Agreed, own: Own): ReadSheet[] {
  const read = shown.map((one) => checkOwn(one, agreed, own));
  const keys = read.map(({ sheet }) => JSON.stringify(sheet.leaves.map((leaf) => [leaf.label, hex(leaf.key)])));
  if (new Set(keys).size > 1) refuse("bidding.sheets_differ");
  return read;
}

function checkOwn(shown: ShownSheet, agreed: Agreed, own: Own): ReadSheet {
  const data = unbase64(shown.sheet) ?? refuse("bidding.sheet_malformed");
  const sheet = readSheet(data);
  const rightPlace = shown.rehearsal
    ? sheet.lot === agreed.tender && sheet.round === 0n
    : sheet.lot.startsWith(`${agreed.tender}-`) && sheet.round === BigInt(agreed.round);
  const mine = sheet.leaves.filter((leaf) => isOwn(leaf, own)).map((leaf) => leaf.label);
  const agrees = sheet.lot === shown.lot && sheet.policy === agreed.policy && mine.join() === agreed.label;
  if (!rightPlace || !agrees) refuse("bidding.sheet_not_mine");
  return { lot: sheet.lot, rehearsal: shown.rehearsal, data, sheet };
}

function isOwn(leaf: LeafKey, own: Own): boolean {
  return same(leaf.key, own.key) && leaf.holder === own.holder && same(leaf.certificate, own.certificate);
}
