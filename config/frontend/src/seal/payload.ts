/** The payload of an age v1 file: ChaCha20-Poly1305 in chunks of 64 KiB, the last one flagged (C2SP age.md).
 *
 * Enters: a file key and blocks of plain bytes. Leaves: blocks of sealed bytes, the nonce first. The browser's own
 * cipher is used where there is one, several chunks in flight; else @noble/ciphers. Memory stays flat.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type Bytes, utf8 } from "./bytes.ts";
import { derive } from "./header.ts";
import { CHUNK, NONCE } from "./padding.ts";

const IN_FLIGHT = 32;
const NATIVE = "ChaCha20-Poly1305";

/** Seals one chunk under its nonce. */
export type Cipher = (nonce: Bytes, chunk: Bytes) => Promise<Bytes> | Bytes;

/** The browser's own cipher, null where it has none. */
export async function nativeCipher(key: Bytes): Promise<Cipher | null> {
  try {
    // "raw-secret" is the draft's word for it; a name no released library of types knows yet.
    const held = await crypto.subtle.importKey("raw-secret" as "raw", key, NATIVE, false, ["encrypt"]);
    const seal = async (iv: Bytes, chunk: Bytes): Promise<Bytes> =>
      new Uint8Array(await crypto.subtle.encrypt({ name: NATIVE, iv }, held, chunk));
    await seal(new Uint8Array(12).fill(0xff), new Uint8Array());
    return seal;
  } catch {
    return null;
  }
}

export function ownCipher(key: Bytes): Cipher {
  return (nonce, chunk) => chacha20poly1305(key, nonce).encrypt(chunk) as Bytes;
}

export function nonceOf(index: number, last: boolean): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(index));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Blocks of any size as chunks of exactly 64 KiB, the last one shorter or equal; an empty one for an empty source. What
 * lies in one block is not copied.
 */
async function* chunksOf(source: AsyncIterable<Bytes>): AsyncGenerator<{ chunk: Bytes; last: boolean }> {
  let held: Bytes | null = null; // whole, and perhaps the last one
  const begun = new Uint8Array(CHUNK);
  let filled = 0;
  for await (const block of source) {
    for (let at = 0; at < block.length; ) {
      const count = Math.min(CHUNK - filled, block.length - at);
      const piece = block.subarray(at, at + count) as Bytes;
      at += count;
      if (count < CHUNK) begun.set(piece, filled);
      filled += count;
      if (filled < CHUNK) break;
      if (held !== null) yield { chunk: held, last: false };
      held = count === CHUNK ? piece : begun.slice();
      filled = 0;
    }
  }
  if (held !== null) yield { chunk: held, last: filled === 0 };
  if (held === null || filled > 0) yield { chunk: begun.slice(0, filled), last: true };
}

/** What seals the chunks of a payload that begins with `nonce`: the browser's cipher where it has one. */
export async function cipherOf(fileKey: Bytes, nonce: Bytes): Promise<Cipher> {
  const key = derive(fileKey, nonce, utf8("payload"));
  return (await nativeCipher(key)) ?? ownCipher(key);
}

/** The payload of all of `source`: nonce, then sealed chunks in their order. */
export async function* sealPayload(
  source: AsyncIterable<Bytes>,
  fileKey: Bytes,
  nonce: Bytes = crypto.getRandomValues(new Uint8Array(NONCE)),
  cipherFor: (key: Bytes) => Promise<Cipher> = async (key) => (await nativeCipher(key)) ?? ownCipher(key),
): AsyncGenerator<Bytes> {
  const cipher = await cipherFor(derive(fileKey, nonce, utf8("payload")));
  yield nonce;
  const going: Array<Promise<Bytes> | Bytes> = [];
  let index = 0;
  for await (const { chunk, last } of chunksOf(source)) {
    going.push(cipher(nonceOf(index, last), chunk));
    index += 1;
    if (going.length === IN_FLIGHT) yield (await going.shift()) as Bytes;
  }
  for (const sealed of going) yield await sealed;
}
