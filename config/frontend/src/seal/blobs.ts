/** Blobs read block by block, and their SHA-256.
 *
 * Enters: a Blob of any size. Leaves: blocks of 1 MiB, a digest. The browser's own SHA-256 is several times faster than
 * a script's but takes a whole in memory, so what is larger than `WHOLE` is hashed as it passes.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./bytes.ts";

const BLOCK = 1 << 20;
const WHOLE = 1 << 27;

export async function* blocksOf(blob: Blob): AsyncGenerator<Bytes> {
  for (let at = 0; at < blob.size; at += BLOCK) {
    yield new Uint8Array(await blob.slice(at, at + BLOCK).arrayBuffer());
  }
}

/** SHA-256 of a Blob; `pass` sees each block on its way. `whole` is a parameter for the tests alone. */
export async function digestOf(blob: Blob, pass: (block: Bytes) => void = () => {}, whole = WHOLE): Promise<Bytes> {
  if (blob.size <= whole) {
    const data = new Uint8Array(await blob.arrayBuffer());
    for (let at = 0; at < data.length; at += BLOCK) pass(data.subarray(at, at + BLOCK));
    return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  }
  const digest = sha256.create();
  for await (const block of blocksOf(blob)) {
    digest.update(block);
    pass(block);
  }
  return digest.digest() as Bytes;
}
