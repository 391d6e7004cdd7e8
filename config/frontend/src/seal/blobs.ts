/** Blobs read block by block, and their SHA-256.
 *
 * Enters: a Blob of any size. Leaves: blocks of 4 MiB, a digest. The browser's own SHA-256 is several times faster than
 * a script's but takes a whole in memory, so what is larger than `WHOLE` is hashed as it passes.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./bytes.ts";

const BLOCK = 1 << 22;
const WHOLE = 1 << 27;

/** The blocks of a Blob; the next one is read while somebody works on the last. */
export async function* blocksOf(blob: Blob): AsyncGenerator<Bytes> {
  const read = (at: number): Promise<ArrayBuffer> => blob.slice(at, at + BLOCK).arrayBuffer();
  let coming = read(0);
  for (let at = 0; at < blob.size; at += BLOCK) {
    const block = await coming;
    if (at + BLOCK < blob.size) coming = read(at + BLOCK);
    yield new Uint8Array(block);
  }
}

/** SHA-256 of a Blob; `pass` sees each block on its way. `whole` is a parameter for the tests alone. */
export async function digestOf(blob: Blob, pass: (block: Bytes) => void = () => {}, whole = WHOLE): Promise<Bytes> {
  if (blob.size <= whole) {
    const data = new Uint8Array(await blob.arrayBuffer());
    const hashing = crypto.subtle.digest("SHA-256", data);
    for (let at = 0; at < data.length; at += BLOCK) pass(data.subarray(at, at + BLOCK));
    return new Uint8Array(await hashing);
  }
  const digest = sha256.create();
  for await (const block of blocksOf(blob)) {
    digest.update(block);
    pass(block);
  }
  return digest.digest() as Bytes;
}

/** All blocks in one Blob, whose parts the browser may keep on disk; `pass` hears how many bytes there are so far. */
export async function collected(blocks: AsyncIterable<Bytes>, pass: (bytes: number) => void = () => {}): Promise<Blob> {
  const parts: Blob[] = [];
  let waiting: Bytes[] = [];
  let [held, done] = [0, 0];
  for await (const block of blocks) {
    waiting.push(block);
    held += block.length;
    done += block.length;
    if (held >= BLOCK) {
      parts.push(new Blob(waiting));
      [waiting, held] = [[], 0];
      pass(done);
    }
  }
  pass(done);
  return new Blob([...parts, ...waiting]);
}
