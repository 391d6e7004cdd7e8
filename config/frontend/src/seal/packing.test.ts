import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { test } from "node:test";
import { collected, digestOf } from "./blobs.ts";
import { type Bytes, hex, join, unhex, utf8 } from "./bytes.ts";
import { CRC_START, crcDone, crcOf } from "./crc.ts";
import { readManifest, writeManifest } from "./manifest.ts";
import { checkDistinct, checkName } from "./names.ts";
import { measure, pack } from "./packing.ts";
import { packageLength, padded } from "./padding.ts";
import { codesOf, vectors } from "./vectors.ts";

async function whole(blocks: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const block of blocks) all.push(block);
  return join(...all);
}

interface Package {
  manifest: string;
  signature: string;
  files: Array<{ name: string; data: string }>;
  package: string;
}

test("a package has the bytes that the twin packs", async () => {
  const expected = vectors<Package>("package");
  const files = expected.files.map(({ name, data }) => measure(name, new Blob([unhex(data)])));
  const made = pack(utf8(expected.manifest), unhex(expected.signature), await Promise.all(files));
  const data = await whole(made.blocks());
  assert.equal(hex(data), expected.package);
  assert.equal(made.length, data.length);
});

test("a file of several blocks and of none is packed whole, and one that changed is refused", async () => {
  const large = new Uint8Array(2_500_000).map((_none, at) => at % 251);
  const files = [await measure("large.bin", new Blob([large])), await measure("empty.bin", new Blob([]))];
  const made = pack(utf8("{}"), utf8("s"), files);
  assert.equal((await whole(made.blocks())).length, made.length);
  const changed = { ...files[0]!, blocks: () => files[1]!.blocks() };
  assert.deepEqual(await codesOf(() => whole(pack(utf8("{}"), utf8("s"), [changed]).blocks())), ["bidding.file_changed"]);
});

interface Padding {
  padded: Array<[number, number]>;
  files: Array<{ file: number; header: number; package?: number; code?: string }>;
}

test("lengths are padded as the twin pads them", async () => {
  const { padded: lengths, files } = vectors<Padding>("padding");
  for (const [length, expected] of lengths) assert.equal(padded(length), expected);
  for (const { file, header, package: length, code } of files) {
    if (code === undefined) assert.equal(packageLength(file, header), length);
    else assert.deepEqual(await codesOf(() => packageLength(file, header)), [code]);
  }
  for (const length of [0, -1, 1.5, 2 ** 32]) assert.deepEqual(await codesOf(() => padded(length)), ["bidding.package_size"]);
});

interface Manifests {
  taken: string[];
  refused: Array<{ manifest: string; code: string }>;
}
const MANIFESTS = vectors<Manifests>("manifest");

test("honest manifests are read, and ours is written byte for byte as the twin's", () => {
  for (const text of MANIFESTS.taken) readManifest(utf8(text));
  const [first] = MANIFESTS.taken as [string];
  assert.equal(Buffer.from(writeManifest(readManifest(utf8(first)))).toString(), first);
});

for (const [number, { manifest, code }] of MANIFESTS.refused.entries()) {
  test(`manifest ${number} is refused`, async () => {
    assert.deepEqual(await codesOf(() => readManifest(utf8(manifest))), [code]);
  });
}

test("manifests that are no text, too long or too deep are refused", async () => {
  for (const data of [Uint8Array.of(0xff), utf8(" ".repeat(1 << 21)), utf8("[".repeat(100_000))]) {
    assert.deepEqual(await codesOf(() => readManifest(data)), ["bidding.manifest"]);
  }
});

test("names that are no plain names are refused", async () => {
  for (const name of ["技术标.pdf", "a b.pdf", "CON1.pdf", "é.pdf", "x".repeat(200)]) assert.equal(checkName(name), name);
  const foul = ["", " a", "a ", ".a", "-a", "~a", "a.", "a/b", "a\\b", "..", "a:b", "con", "AUX.txt", "lpt1.x", "e\u0301",
    "a\u202eb", "a\0", "x".repeat(201), "字".repeat(67), "manifest.json", "PADDING", "a\ud800"];
  for (const name of foul) assert.deepEqual(await codesOf(() => checkName(name)), ["bidding.file_name"], name);
  checkDistinct(["a", "b"]);
  for (const pair of [["A.pdf", "a.pdf"], ["ａ", "a"], ["ﬁ", "fi"]]) {
    assert.deepEqual(await codesOf(() => checkDistinct(pair)), ["bidding.file_twice"]);
  }
});

test("a digest is the same whole and block by block, and every block passes", async () => {
  const blob = new Blob([new Uint8Array(2_500_000).map((_none, at) => at % 253)]);
  const passed = [0, 0];
  const whole = await digestOf(blob, (block) => (passed[0]! += block.length));
  assert.deepEqual(await digestOf(blob, (block) => (passed[1]! += block.length), 1000), whole);
  assert.deepEqual(passed, [blob.size, blob.size]);
  assert.equal(hex(await digestOf(new Blob([]))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("blocks come together to the same Blob and digest in memory and in parts", async () => {
  const data = new Uint8Array(9_000_000).map((_none, at) => at % 249);
  const blocks = async function* (): AsyncGenerator<Bytes> {
    for (let at = 0; at < data.length; at += 65_552) yield data.slice(at, at + 65_552);
  };
  const heard: number[] = [];
  const [whole, parts] = [await collected(blocks(), data.length, (done) => heard.push(done)), await collected(blocks(), data.length, () => {}, 10)];
  assert.equal(hex(whole.digest), hex(await digestOf(new Blob([data]))));
  assert.equal(hex(parts.digest), hex(whole.digest));
  for (const { blob } of [whole, parts]) assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), data);
  assert.equal(heard.at(-1), data.length);
  await assert.rejects(collected(blocks(), data.length + 1), RangeError);
});

test("the checksum is that of zlib for every length and split", () => {
  const data = Uint8Array.from({ length: 1000 }, (_none, at) => (at * 7919) % 256);
  for (const length of [0, 1, 7, 8, 9, 15, 16, 999, 1000]) {
    const piece = data.subarray(0, length);
    assert.equal(crcDone(crcOf(piece, CRC_START)), crc32(piece));
    const half = length >> 1;
    assert.equal(crcDone(crcOf(piece.subarray(half), crcOf(piece.subarray(0, half), CRC_START))), crc32(piece));
  }
});
