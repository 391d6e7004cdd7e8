import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, unbase64, unhex } from "./bytes.ts";
import { writeHeader } from "./header.ts";
import { parseRecipient, recipientText } from "./points.ts";
import { checkHeader } from "./receiving.ts";
import { readSheet, sheetCodec, sheetDigest } from "./sheet.ts";
import { codesOf, vectors } from "./vectors.ts";

interface Headers {
  sheet: string;
  submission: string;
  taken: Array<{ header: string; size: number }>;
  refused: Array<{ name: string; header: string; size: number; code: string }>;
}
interface Sheet {
  lot: string;
  round: number;
  policy: string;
  leaves: Array<{ label: string; holder: string; certificate: string; key: string }>;
  bytes: string;
  SHEET: string;
}

const HEADERS = vectors<Headers>("header");
const OURS = readSheet(unhex(HEADERS.sheet));

test("honest headers are taken as the server takes them", () => {
  for (const { header, size } of HEADERS.taken) {
    const data = unbase64(header)!;
    const received = checkHeader(data, OURS, HEADERS.submission, size);
    assert.deepEqual(writeHeader(received.header), data);
  }
});

for (const { name, header, size, code } of HEADERS.refused) {
  test(`${name} is refused`, async () => {
    assert.deepEqual(await codesOf(() => checkHeader(unbase64(header)!, OURS, HEADERS.submission, size)), [code]);
  });
}

for (const expected of vectors<Sheet[]>("sheet")) {
  test(`the sheet under ${expected.policy} is read and written`, () => {
    const sheet = readSheet(unhex(expected.bytes));
    assert.equal(hex(sheetCodec.write(sheet)), expected.bytes);
    assert.equal(hex(sheetDigest(sheet)), expected.SHEET);
    assert.deepEqual(
      sheet.leaves.map((leaf) => ({ ...leaf, certificate: hex(leaf.certificate), key: hex(leaf.key) })),
      expected.leaves,
    );
  });
}

test("a sheet that breaks a rule is refused with its code", async () => {
  const [a, c, r] = OURS.leaves as [typeof OURS.leaves[0], typeof OURS.leaves[0], typeof OURS.leaves[0]];
  const broken = {
    "bidding.sheet_suite": { ...OURS, suite: "sm2" },
    "bidding.sheet_bodies": { ...OURS, leaves: [a, { ...c!, holder: a!.holder }, r] },
    "bidding.sheet_persons": { ...OURS, leaves: [a, { ...c!, certificate: a!.certificate }, r] },
    "bidding.sheet_keys": { ...OURS, leaves: [a, { ...c!, key: a!.key }, r] },
    "bidding.low_order": { ...OURS, leaves: [a, { ...c!, key: new Uint8Array(32) }, r] },
    "bidding.point": { ...OURS, leaves: [a, { ...c!, key: new Uint8Array(32).fill(0xff) }, r] },
    "bidding.policy_one_body": { ...OURS, policy: "1(a,c,r)" },
    "bidding.sheet_malformed": { ...OURS, leaves: [c, a, r] },
  };
  for (const [code, sheet] of Object.entries(broken)) {
    const data = sheetCodec.write(sheet as typeof OURS);
    assert.deepEqual(await codesOf(() => readSheet(data)), [code]);
  }
  assert.deepEqual(await codesOf(() => readSheet(unhex(`${HEADERS.sheet}00`))), ["bidding.sheet_malformed"]);
});

test("keys are written as age writes them", async () => {
  const key = OURS.leaves[0]!.key;
  assert.deepEqual(parseRecipient(recipientText(key)), key);
  for (const text of ["", "age1", recipientText(key).toUpperCase(), recipientText(key).slice(0, -1)]) {
    assert.deepEqual(await codesOf(() => parseRecipient(text)), ["bidding.key_text"]);
  }
});
