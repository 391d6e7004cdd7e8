import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, base64, hex, join, utf8 } from "../seal/bytes.ts";
import { included, leafHash, logKeyOf, readNote } from "./log.ts";

const node = (left: Bytes, right: Bytes): Bytes => sha256(join(Uint8Array.of(1), left, right)) as Bytes;

/** Root and path of RFC 6962, by its definition. */
function tree(leaves: readonly Bytes[], index: number): { root: Bytes; path: Bytes[] } {
  if (leaves.length === 1) return { root: leaves[0] as Bytes, path: [] };
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  const [near, far] = index < split ? [tree(left, index), tree(right, 0)] : [tree(right, index - split), tree(left, 0)];
  const root = index < split ? node(near.root, far.root) : node(far.root, near.root);
  return { root, path: [...near.path, far.root] };
}

test("every leaf of every small tree is included by its own path and by no other", () => {
  for (let size = 1; size <= 17; size += 1) {
    const leaves = Array.from({ length: size }, (_none, at) => leafHash(utf8(`entry ${at}`)));
    for (let index = 0; index < size; index += 1) {
      const { root, path } = tree(leaves, index);
      assert.ok(included(leaves[index]!, index, size, path, root));
      assert.ok(!included(leaves[index]!, index + 1, size, path, root));
      assert.ok(!included(leafHash(utf8("another")), index, size, path, root));
      assert.ok(!included(leaves[index]!, index, size, [...path, root], root));
      if (path.length > 0) assert.ok(!included(leaves[index]!, index, size, path.slice(1), root));
    }
  }
});

const SECRET = new Uint8Array(32).fill(7);
const KEY = ed25519.getPublicKey(SECRET) as Bytes;
const ORIGIN = "sunlight.test";
const idOf = (origin: string): Bytes => sha256(join(utf8(`${origin}\n`), Uint8Array.of(1), KEY)).slice(0, 4) as Bytes;
const noteOf = (text: string, origin = ORIGIN): string =>
  `${text}\n— ${origin} ${base64(join(idOf(origin), ed25519.sign(utf8(text), SECRET)))}\n`;
const ROOT = sha256(utf8("root")) as Bytes;
const TEXT = `${ORIGIN}\n17\n${base64(ROOT)}\n`;

test("a checkpoint is read under the key that signed it alone", () => {
  assert.deepEqual(readNote(noteOf(TEXT), KEY), { origin: ORIGIN, size: 17, root: ROOT });
  assert.equal(readNote(noteOf(TEXT), new Uint8Array(32).fill(1)), null);
  assert.equal(readNote(noteOf(TEXT).replace("\n17\n", "\n18\n"), KEY), null);
  assert.equal(readNote(noteOf(TEXT).replace("— ", "- "), KEY), null);
  assert.equal(readNote(noteOf(TEXT, "another.log"), KEY), null);
  for (const size of ["017", "-1", "1e3", "", "17 "]) {
    assert.equal(readNote(noteOf(`${ORIGIN}\n${size}\n${base64(ROOT)}\n`), KEY), null);
  }
  assert.equal(readNote(noteOf(`${TEXT}more\n`), KEY), null);
});

test("a verifier key gives its 32 bytes when its hash is right", () => {
  const key = `${ORIGIN}+${hex(idOf(ORIGIN))}+${base64(join(Uint8Array.of(1), KEY))}`;
  assert.deepEqual(logKeyOf(`${key}\n`), KEY);
  assert.equal(logKeyOf(key.replace(ORIGIN, "another.log")), null);
  assert.equal(logKeyOf(key.slice(0, -4)), null);
  assert.equal(logKeyOf("-----BEGIN CERTIFICATE-----"), null);
});
