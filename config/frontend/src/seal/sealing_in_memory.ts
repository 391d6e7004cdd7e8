/** Files that fit into memory are read once, and sealed while they are hashed: sealing goes on in threads of the browser,
 * hashing in this one.
 *
 * Enters: Blobs, a header with its key, who writes and signs the manifest once the digests are known. Leaves: the sealed
 * file with its digest, the same bytes that packing and sealing one after the other give. A chunk that holds more than one
 * file's content waits until everything in it is known.
 */
import type { Collected } from "./blobs.ts";
import { type Bytes, join } from "./bytes.ts";
import { CRC_START, crcDone, crcOf } from "./crc.ts";
import type { FileEntry } from "./manifest.ts";
import { checkName } from "./names.ts";
import { type Measured, type Package, type Progress, lengthOf, pack, placesOf } from "./packing.ts";
import { CHUNK, NONCE, TAG, sealedLength } from "./padding.ts";
import { type Cipher, cipherOf, nonceOf } from "./payload.ts";
import { refuse } from "./refused.ts";
import type { SealedHeader } from "./sealing.ts";

const IN_FLIGHT = 512; // so that the browser's threads have work while this one hashes
const STEP = 1 << 20;
const SEALED = CHUNK + TAG;
const MOST_SIGNATURE = 1 << 16; // what the server takes

/** A file to seal, under its name in the package. */
export interface Named {
  readonly name: string;
  readonly blob: Blob;
}

/** Who writes what the bidder says of the files, always as long for as many files of such names and sizes, and signs it. */
export interface Author {
  readonly write: (entries: readonly FileEntry[]) => Bytes;
  readonly sign: (manifest: Bytes) => Promise<Bytes>;
}

/** Where the sealed file grows: whatever chunk is known is sealed and put to its place. */
class Sealing {
  /** Plain chunks that hold more than one file's content, complete as soon as everything has been put in. */
  private readonly mixed = new Map<number, Bytes>();
  private readonly going: Array<Promise<void>> = [];
  private readonly whole: Bytes;
  readonly contents = new Set<Bytes>();

  constructor(private readonly prefix: Bytes, private readonly cipher: Cipher, length: number) {
    this.whole = new Uint8Array(prefix.length - NONCE + sealedLength(length));
    this.whole.set(prefix);
  }

  private async seal(index: number, plain: Bytes, last = false): Promise<void> {
    const sealing = Promise.resolve(this.cipher(nonceOf(index, last), plain));
    this.going.push(sealing.then((data) => this.whole.set(data, this.prefix.length + index * SEALED)));
    if (this.going.length >= IN_FLIGHT) await this.going.shift();
  }

  /** Put `data` into the mixed chunks that it touches. */
  put(at: number, data: Bytes): void {
    for (let done = 0; done < data.length; ) {
      const [index, offset] = [Math.floor((at + done) / CHUNK), (at + done) % CHUNK];
      const count = Math.min(CHUNK - offset, data.length - done);
      const chunk = this.mixed.get(index) ?? new Uint8Array(CHUNK);
      chunk.set(data.subarray(done, done + count), offset);
      this.mixed.set(index, chunk);
      done += count;
    }
  }

  /** Read a file whose content stands at `at` in the package, and seal the chunks that it fills. */
  async read({ name, blob }: Named, at: number, progress: Progress): Promise<Measured> {
    const data = new Uint8Array(await blob.arrayBuffer());
    if (data.length !== blob.size) refuse("bidding.file_changed");
    this.contents.add(data);
    const first = Math.min(-at & (CHUNK - 1), data.length);
    let [crc, place] = [CRC_START, first];
    for (let begin = 0; begin < data.length; begin += STEP) {
      const step = data.subarray(begin, begin + STEP);
      for (; place + CHUNK <= begin + step.length; place += CHUNK) {
        await this.seal((at + place) / CHUNK, data.subarray(place, place + CHUNK));
      }
      crc = crcOf(step, crc);
      progress(step.length);
    }
    this.put(at, data.subarray(0, first));
    this.put(at + place, data.subarray(place));
    const entry = { name, size: blob.size, sha256: new Uint8Array(await crypto.subtle.digest("SHA-256", data)) };
    return { name, size: blob.size, crc: crcDone(crc), isKept: true, blocks: () => blocksIn(data), entry };
  }

  /** Seal what waited; the sealed file. */
  async finish(length: number): Promise<Bytes> {
    const end = Math.ceil(length / CHUNK) - 1;
    for (const [index, chunk] of this.mixed) {
      await this.seal(index, index === end ? chunk.slice(0, length - index * CHUNK) : chunk, index === end);
    }
    await Promise.all(this.going.splice(0));
    return this.whole.subarray(0, this.prefix.length - NONCE + sealedLength(length));
  }
}

async function* blocksIn(data: Bytes): AsyncGenerator<Bytes> {
  if (data.length > 0) yield data;
}

/** Put what is no file's content to its place. */
async function putRest(sealing: Sealing, content: Package): Promise<void> {
  let at = 0;
  for await (const block of content.blocks()) {
    if (!sealing.contents.has(block)) sealing.put(at, block);
    at += block.length;
  }
}

/** Seal `files` behind `header`. `progress` hears of bytes read. */
export async function sealInMemory(
  files: readonly Named[], { header, fileKey }: SealedHeader, author: Author, progress: Progress = () => {},
): Promise<Collected> {
  const named = files.map(({ name, blob }) => ({ name: checkName(name), size: blob.size }));
  const manifestLength = author.write(named.map((one) => ({ ...one, sha256: new Uint8Array(32) }))).length;
  const places = placesOf(manifestLength, named);
  const most = lengthOf(places.at(-1)!, named.map(({ name }) => name), MOST_SIGNATURE);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealing = new Sealing(join(header, nonce), await cipherOf(fileKey, nonce), most);
  const measured: Measured[] = [];
  for (const [number, file] of files.entries()) measured.push(await sealing.read(file, places[number]!, progress));
  const manifest = author.write(measured.map(({ entry }) => entry));
  const content = pack(manifest, await author.sign(manifest), measured);
  if (manifest.length !== manifestLength || content.length > most) throw new RangeError("not as long as was said");
  await putRest(sealing, content);
  const data = await sealing.finish(content.length);
  const hashing = crypto.subtle.digest("SHA-256", data);
  return { blob: new Blob([data]), digest: new Uint8Array(await hashing) };
}
