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

export interface Collected {
  readonly blob: Blob;
  readonly digest: Bytes;
}

/** Blocks of `size` bytes together in one Blob, with their SHA-256; `pass` hears how many bytes there are so far. */
export async function collected(
  blocks: AsyncIterable<Bytes>, size: number, pass: (bytes: number) => void = () => {}, whole = WHOLE,
): Promise<Collected> {
  const found = size <= whole ? await inMemory(blocks, size, pass) : await inParts(blocks, pass);
  if (found.blob.size !== size) throw new RangeError("the blocks are not as long together as was said");
  return found;
}

async function inMemory(blocks: AsyncIterable<Bytes>, size: number, pass: (bytes: number) => void): Promise<Collected> {
  const data = new Uint8Array(size);
  let done = 0;
  for await (const block of blocks) {
    data.set(block, done);
    pass((done += block.length));
  }
  return { blob: new Blob([data.subarray(0, done)]), digest: new Uint8Array(await crypto.subtle.digest("SHA-256", data)) };
}

/** The browser may keep the parts of a Blob on disk, so memory stays flat. */
async function inParts(blocks: AsyncIterable<Bytes>, pass: (bytes: number) => void): Promise<Collected> {
  const [digest, parts]: [ReturnType<typeof sha256.create>, Blob[]] = [sha256.create(), []];
  let waiting: Bytes[] = [];
  let [held, done] = [0, 0];
  for await (const block of blocks) {
    digest.update(block);
    waiting.push(block);
    held += block.length;
    pass((done += block.length));
    if (held >= BLOCK) {
      parts.push(new Blob(waiting));
      [waiting, held] = [[], 0];
    }
  }
  return { blob: new Blob([...parts, ...waiting]), digest: digest.digest() as Bytes };
}
