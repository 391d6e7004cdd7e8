import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type Bytes, hex, join, unhex } from "./bytes.ts";
import { macOf, parseHeader, writeHeader } from "./header.ts";
import { type Opening, build, checkShare, combine, context, ephemeralKey, leafShares, readOpening, stanzaOf, unwrap } from "./opening.ts";
import { publicKey } from "./points.ts";
import { parsePolicy, smallest } from "./policy.ts";
import { codesOf, vectors } from "./vectors.ts";

interface Vector {
  policy: string;
  K: string;
  SALT: string;
  SHEET: string;
  private: Record<string, string>;
  keys: string[];
  X: string;
  e: string;
  E: string;
  Y: string[];
  body: string;
  header: string;
  header_sha256: string;
}

const OPENINGS = vectors<Vector[]>("opening");
const ANCHORS: Record<string, [number, string]> = {
  "2(a,c,r)": [473, "2701deb5302a5fee62ba44d2c17eb9da7d2b797f20842bf473cb01e4bb06ec08"],
  "2(b,2(a,c,r))": [565, "4339a854bb8fea7cf0854a3602bb352045513a4d25930e8df29b8264ac64e631"],
  "2(1(a1,a2),1(c1,c2),r)": [660, "d9d9cd1035d060218628ac4592d04581accd7f8037ccab5f037692a15ba47c7c"],
};

function secretOf(label: string): Bytes {
  return new Uint8Array(createHash("sha256").update(label).digest());
}

for (const [text, [length, digest]] of Object.entries(ANCHORS)) {
  test(`the anchor ${text} has the bytes of the design`, () => {
    const policy = parsePolicy(text);
    const bytes = (from: number, count: number): Bytes => Uint8Array.from({ length: count }, (_none, at) => from + at);
    const [fileKey, salt, sheet] = [bytes(0, 16), bytes(16, 16), bytes(32, 32)];
    const keys = policy.leaves.map((leaf) => publicKey(secretOf(leaf.label)));
    const stanzas = [stanzaOf(build(fileKey, salt, sheet, policy, keys))];
    const header = writeHeader({ stanzas, mac: macOf(fileKey, stanzas) });
    assert.equal(header.length, length);
    assert.equal(createHash("sha256").update(header).digest("hex"), digest);
  });
}

for (const vector of OPENINGS) {
  test(`${vector.policy} gives every value of its vector`, () => {
    const policy = parsePolicy(vector.policy);
    const [fileKey, salt, sheet] = [unhex(vector.K), unhex(vector.SALT), unhex(vector.SHEET)];
    const x = context(sheet, salt, policy);
    assert.equal(hex(x), vector.X);
    assert.equal(hex(ephemeralKey(fileKey, salt, x)), vector.e);
    assert.deepEqual(leafShares(fileKey, salt, x, policy).map(hex), vector.Y);
    const opening = build(fileKey, salt, sheet, policy, vector.keys.map(unhex));
    assert.equal(hex(opening.share), vector.E);
    assert.equal(hex(join(...opening.parts)), vector.body);
    const stanzas = [stanzaOf(opening)];
    const header = writeHeader({ stanzas, mac: macOf(fileKey, stanzas) });
    assert.equal(Buffer.from(header).toString("latin1"), vector.header);
    assert.equal(createHash("sha256").update(header).digest("hex"), vector.header_sha256);
  });

  test(`${vector.policy} opens for every smallest set and for no smaller one`, async () => {
    const opening = readOpening(parseHeader(Buffer.from(vector.header)).stanzas[0]!);
    const shareOf = (index: number): Bytes =>
      unwrap(opening, index, unhex(vector.private[opening.policy.leaves[index]!.label]!));
    for (const chosen of smallest(opening.policy)) {
      const shares = new Map(chosen.map((index) => [index, shareOf(index)]));
      assert.equal(hex(combine(opening.policy, shares)), vector.K);
      shares.delete(chosen[0]!);
      assert.deepEqual(await codesOf(() => combine(opening.policy, shares)), ["bidding.too_few"]);
    }
  });
}

test("a leaf does not open for another key, and a share of another leaf does not fit", async () => {
  const [vector] = OPENINGS as [Vector];
  const opening = readOpening(parseHeader(Buffer.from(vector.header)).stanzas[0]!);
  assert.deepEqual(await codesOf(() => unwrap(opening, 0, unhex(vector.private["c"]!))), ["bidding.leaf_closed"]);
  const other = { ...opening, parts: [opening.parts[1]!, opening.parts[0]!, opening.parts[2]!] };
  assert.deepEqual(await codesOf(() => unwrap(other, 0, unhex(vector.private["a"]!))), ["bidding.leaf_closed"]);
});

interface Crafted {
  private: string;
  leaves: Array<{ name: string; header: string; code: string }>;
  header: string;
  share: string;
  shares: Array<{ name: string; share: string; code: string }>;
}
const CRAFTED = vectors<Crafted>("crafted");
const openingIn = (header: string): Opening => readOpening(parseHeader(Buffer.from(header)).stanzas[0]!);

for (const { name, header, code } of CRAFTED.leaves) {
  test(`${name} gives a custodian nothing`, async () => {
    assert.deepEqual(await codesOf(() => unwrap(openingIn(header), 0, unhex(CRAFTED.private))), [code]);
  });
}

test("a share from elsewhere does not fit", async () => {
  const opening = openingIn(CRAFTED.header);
  checkShare(opening, 0, unhex(CRAFTED.share));
  for (const { name, share, code } of CRAFTED.shares) {
    assert.deepEqual(await codesOf(() => checkShare(opening, 0, unhex(share))), [code], name);
  }
});
