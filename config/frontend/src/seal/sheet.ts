/** The custody sheet of a lot and round: who holds which key, under which policy (twin of bidding/envelope/sheet.py).
 *
 * Enters: canonical bytes. Leaves: a checked sheet, its digest, a public key a leaf.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./bytes.ts";
import { hex } from "./bytes.ts";
import { Malformed, bytes, decode, list, record, text, uint } from "./canon.ts";
import { checkPoint } from "./points.ts";
import { type Policy, labels, parsePolicy } from "./policy.ts";
import { refuse } from "./refused.ts";

const SUITE = "x25519";
const BIDDER = "b";

export interface LeafKey {
  readonly label: string;
  readonly holder: string;
  readonly certificate: Bytes;
  readonly key: Bytes;
}

export interface CustodySheet {
  readonly lot: string;
  readonly round: bigint;
  readonly suite: string;
  readonly policy: string;
  readonly leaves: readonly LeafKey[];
}

const leafCodec = record<LeafKey>("sunlight.leaf/1", { label: text, holder: text, certificate: bytes, key: bytes });
export const sheetCodec = record<CustodySheet>("sunlight.sheet/1", {
  lot: text,
  round: uint,
  suite: text,
  policy: text,
  leaves: list(leafCodec),
});

const malformed = (): never => refuse("bidding.sheet_malformed");

/** The checked sheet in canonical bytes. */
export function readSheet(data: Uint8Array): CustodySheet {
  let sheet: CustodySheet;
  try {
    sheet = decode(sheetCodec, data);
  } catch (error) {
    if (error instanceof Malformed) return malformed();
    throw error;
  }
  checkSheet(sheet);
  return sheet;
}

/** SHEET of sealing.md. */
export function sheetDigest(sheet: CustodySheet): Bytes {
  return sha256(sheetCodec.write(sheet)) as Bytes;
}

export function policyOf(sheet: CustodySheet): Policy {
  return parsePolicy(sheet.policy);
}

/** One key for each leaf of the policy; `ownKey` is the bidder's, asked for where the policy has `b`. */
export function leafKeys(sheet: CustodySheet, ownKey: Bytes | null): Bytes[] {
  const keys = new Map(sheet.leaves.map((leaf) => [leaf.label, leaf.key]));
  if (ownKey !== null) keys.set(BIDDER, checkPoint(ownKey));
  return labels(policyOf(sheet)).map((label) => keys.get(label) ?? refuse("bidding.own_key_missing"));
}

/** Refused unless the sheet keeps every rule that needs no certificate: labels, bodies, persons, keys. */
function checkSheet(sheet: CustodySheet): void {
  if (sheet.suite !== SUITE) refuse("bidding.sheet_suite");
  const expected = labels(policyOf(sheet)).filter((label) => label !== BIDDER);
  const found = sheet.leaves.map((leaf) => leaf.label);
  if (sheet.lot === "" || expected.join() !== found.join()) malformed();
  checkPersons(sheet.leaves);
  for (const leaf of sheet.leaves) checkPoint(leaf.key);
}

function checkPersons(leaves: readonly LeafKey[]): void {
  const count = (values: readonly string[]): number => new Set(values).size;
  const bodies = count(leaves.map((leaf) => JSON.stringify([leaf.label.charAt(0), leaf.holder])));
  const letters = count(leaves.map((leaf) => leaf.label.charAt(0)));
  const holders = count(leaves.map((leaf) => leaf.holder));
  if (bodies !== letters || letters !== holders || leaves.some((leaf) => leaf.holder === "")) {
    refuse("bidding.sheet_bodies");
  }
  const persons = count(leaves.map((leaf) => hex(leaf.certificate)));
  if (persons < leaves.length || leaves.some((leaf) => leaf.certificate.length !== 32)) refuse("bidding.sheet_persons");
  if (count(leaves.map((leaf) => hex(leaf.key))) < leaves.length) refuse("bidding.sheet_keys");
}
