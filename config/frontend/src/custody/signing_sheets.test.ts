import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, base64 } from "../seal/bytes.ts";
import { publicKey } from "../seal/points.ts";
import { type CustodySheet, sheetCodec } from "../seal/sheet.ts";
import { codesOf } from "../seal/vectors.ts";
import { type Agreed, type Own, type ShownSheet, checkSheets } from "./signing_sheets.ts";

const bytesOf = (fill: number): Bytes => new Uint8Array(32).fill(fill);
const LEAVES = ["a", "c", "r"].map((label, at) => ({
  label, holder: `9146-${label}`, certificate: bytesOf(at + 1), key: publicKey(bytesOf(at + 11)),
}));
const AGREED: Agreed = { tender: "sl-1", round: 1, policy: "2(a,c,r)", label: "c" };
const OWN: Own = { key: LEAVES[1]!.key, certificate: LEAVES[1]!.certificate, holder: "9146-c" };

function shown(change: Partial<CustodySheet> = {}, said: Partial<ShownSheet> = {}): ShownSheet {
  const sheet = { lot: "sl-1-1", round: 1n, suite: "x25519", policy: "2(a,c,r)", leaves: LEAVES, ...change };
  const facts = { rehearsal: false, signed_by_me: false, sealed: false, signatures: {}, leaves: [] };
  return { lot: sheet.lot, sheet: base64(sheetCodec.write(sheet)), ...facts, ...said };
}

const REHEARSAL = shown({ lot: "sl-1", round: 0n }, { rehearsal: true });

test("honest sheets of lots and rehearsal are read from their bytes", () => {
  const read = checkSheets([shown(), shown({ lot: "sl-1-2" }), REHEARSAL], AGREED, OWN);
  assert.deepEqual(read.map((one) => [one.lot, one.rehearsal]), [["sl-1-1", false], ["sl-1-2", false], ["sl-1", true]]);
});

test("a sheet in which the own key does not stand as it must is not signed", async () => {
  const other = publicKey(bytesOf(99));
  const swapped = LEAVES.map((leaf) => (leaf.label === "c" ? { ...leaf, key: other } : leaf));
  const doubts: ShownSheet[] = [
    shown({ leaves: swapped }),
    shown({ leaves: LEAVES.map((leaf) => (leaf.label === "c" ? { ...leaf, certificate: bytesOf(77) } : leaf)) }),
    shown({ policy: "3(a,c,r)" }),
    shown({ round: 2n }),
    shown({ lot: "sl-2-1" }),
    shown({}, { lot: "sl-1-2" }),
    shown({ lot: "sl-1", round: 0n }),
    shown({}, { rehearsal: true }),
  ];
  for (const doubt of doubts) {
    assert.deepEqual(await codesOf(() => checkSheets([doubt], AGREED, OWN)), ["bidding.sheet_not_mine"]);
  }
  assert.deepEqual(await codesOf(() => checkSheets([shown()], { ...AGREED, label: "r" }, OWN)), ["bidding.sheet_not_mine"]);
  assert.deepEqual(await codesOf(() => checkSheets([shown()], AGREED, { ...OWN, holder: "9146-x" })), ["bidding.sheet_not_mine"]);
});

test("lots whose sheets hold different keys are not signed together", async () => {
  const other = LEAVES.map((leaf) => (leaf.label === "r" ? { ...leaf, key: publicKey(bytesOf(98)) } : leaf));
  const both = [shown(), shown({ lot: "sl-1-2", leaves: other })];
  assert.deepEqual(await codesOf(() => checkSheets(both, AGREED, OWN)), ["bidding.sheets_differ"]);
});

test("bytes that are no sheet are refused", async () => {
  assert.deepEqual(await codesOf(() => checkSheets([shown({}, { sheet: "*" })], AGREED, OWN)), ["bidding.sheet_malformed"]);
  assert.deepEqual(await codesOf(() => checkSheets([shown({}, { sheet: "AAAA" })], AGREED, OWN)), ["bidding.sheet_malformed"]);
});
