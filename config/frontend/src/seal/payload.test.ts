import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { type Bytes, hex, join, unhex } from "./bytes.ts";
import { parseHeader, writeHeader } from "./header.ts";
import { CHUNK } from "./padding.ts";
import { type Cipher, nativeCipher, ownCipher, sealPayload } from "./payload.ts";
import { parseRecipient } from "./points.ts";
import { seal, sealHeader } from "./sealing.ts";
import { readSheet } from "./sheet.ts";
import { checkHeader } from "./receiving.ts";
import { codesOf, vectors } from "./vectors.ts";

const SHEETS = vectors<Array<{ bytes: string }>>("sheet").map(({ bytes }) => readSheet(unhex(bytes)));
const SALT = unhex("101112131415161718191a1b1c1d1e1f");

async function* inPieces(data: Bytes, size: number): AsyncGenerator<Bytes> {
  for (let at = 0; at < data.length; at += size) yield data.slice(at, at + size);
}

async function whole(blocks: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const block of blocks) all.push(block);
  return join(...all);
}

const LENGTHS = [0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 10 * CHUNK, 10 * CHUNK + 1, 1_000_003];
const own = async (key: Bytes): Promise<Cipher> => ownCipher(key);

for (const length of LENGTHS) {
  test(`a payload of ${length} bytes opens in age-encryption`, async () => {
    const identity = await generateX25519Identity();
    const own = parseRecipient(await identityToRecipient(identity));
    const { header, fileKey } = await sealHeader(SHEETS[0]!, SALT, own);
    const data = new Uint8Array(randomBytes(length));
    const file = join(header, await whole(sealPayload(inPieces(data, 50_000), fileKey)));
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    assert.equal(hex(await decrypter.decrypt(file)), hex(data));
  });

  test(`the browser's cipher and our own seal ${length} bytes to the same`, async (context) => {
    const [fileKey, nonce] = [new Uint8Array(randomBytes(16)), new Uint8Array(randomBytes(16))];
    if ((await nativeCipher(new Uint8Array(32))) === null) return context.skip("this node has no ChaCha20-Poly1305 of its own");
    const native = async (key: Bytes): Promise<Cipher> => (await nativeCipher(key))!;
    const data = new Uint8Array(randomBytes(length));
    const sealed = await whole(sealPayload(inPieces(data, CHUNK), fileKey, nonce, native));
    assert.equal(hex(await whole(sealPayload(inPieces(data, 7777), fileKey, nonce, own))), hex(sealed));
  });
}

test("a sealed file passes the check of the server, with and without the bidder's own key", async () => {
  const content = { length: CHUNK, blocks: () => inPieces(new Uint8Array(CHUNK), CHUNK) };
  for (const [sheet, key] of [[SHEETS[0]!, null], [SHEETS[0]!, SHEETS[1]!.leaves[0]!.key], [SHEETS[1]!, SHEETS[2]!.leaves[0]!.key]] as const) {
    const sealed = await seal(content, sheet, SALT, key);
    const file = await whole(sealed.blocks);
    assert.equal(file.length, sealed.size);
    const received = checkHeader(file.subarray(0, 8192), sheet, hex(SALT), sealed.size);
    assert.equal(received.header.stanzas.length, key === null ? 1 : 2);
    assert.deepEqual(writeHeader(parseHeader(file)), sealed.header);
  }
});

test("no package is sealed that is not padded, and none for the bidder without the own key", async () => {
  const content = { length: CHUNK + 1, blocks: () => inPieces(new Uint8Array(CHUNK + 1), CHUNK) };
  assert.deepEqual(await codesOf(() => seal(content, SHEETS[0]!, SALT)), ["bidding.unpadded"]);
  assert.deepEqual(await codesOf(() => sealHeader(SHEETS[1]!, SALT)), ["bidding.own_key_missing"]);
});

test("no two files have a key or a share in common", async () => {
  const made = await Promise.all([sealHeader(SHEETS[0]!, SALT), sealHeader(SHEETS[0]!, SALT)]);
  assert.notEqual(hex(made[0]!.fileKey), hex(made[1]!.fileKey));
  assert.notEqual(hex(made[0]!.header), hex(made[1]!.header));
});
