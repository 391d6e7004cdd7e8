/** A bid package: a ZIP without zip64, every member stored, filled up to the padded length (twin of packing.py).
 *
 * Enters: Blobs, the manifest as signed, its signature. Leaves: a stream of blocks to seal. Order: manifest.json, the
 * files, manifest.p7s, padding. Blobs are read twice, block by block: to measure and to pack them. What fits into memory
 * is read once (sealing_in_memory.ts).
 */
import { type Bytes, join, utf8 } from "./bytes.ts";
import { blocksOf, digestOf } from "./blobs.ts";
import { CRC_START, crcDone, crcOf } from "./crc.ts";
import type { FileEntry } from "./manifest.ts";
import { MANIFEST, PADDING, SIGNATURE, checkName } from "./names.ts";
import { padded } from "./padding.ts";
import { refuse } from "./refused.ts";

const BLOCK = 1 << 20;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const STORED = 0;
const FIRST_DAY = 0x21; // 1980-01-01: the manifest holds the time
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;

export type Progress = (bytes: number) => void;

/** A member before it is packed: name, size, CRC-32, whether it lies in memory, where nothing changes it, and its blocks
 * as often as they are asked for.
 */
interface Member {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  readonly isKept?: boolean;
  readonly blocks: () => AsyncIterable<Bytes>;
}

export interface Measured extends Member {
  readonly entry: FileEntry;
}

/** Read a file; refused when its name is not allowed. */
export async function measure(name: string, blob: Blob, progress: Progress = () => {}): Promise<Measured> {
  checkName(name);
  let crc = CRC_START;
  const sha256 = await digestOf(blob, (block) => {
    crc = crcOf(block, crc);
    progress(block.length);
  });
  const entry = { name, size: blob.size, sha256 };
  return { name, size: blob.size, crc: crcDone(crc), blocks: () => blocksOf(blob), entry };
}

async function* inBlocks(data: Bytes): AsyncGenerator<Bytes> {
  yield data;
}

function inMemory(name: string, data: Bytes): Member {
  return { name, size: data.length, crc: crcDone(crcOf(data, CRC_START)), blocks: () => inBlocks(data) };
}

async function* zeros(size: number): AsyncGenerator<Bytes> {
  for (let left = size; left > 0; left -= BLOCK) yield new Uint8Array(Math.min(left, BLOCK));
}

function padding(size: number): Member {
  let crc = CRC_START;
  for (let left = size; left > 0; left -= BLOCK) crc = crcOf(new Uint8Array(Math.min(left, BLOCK)), crc);
  return { name: PADDING, size, crc: crcDone(crc), blocks: () => zeros(size) };
}

function overhead(name: string): number {
  return LOCAL_SIZE + CENTRAL_SIZE + 2 * utf8(name).length;
}

/** Where the content of each file begins in a package whose manifest has `manifest` bytes, and where the last one ends. */
export function placesOf(manifest: number, files: ReadonlyArray<{ name: string; size: number }>): number[] {
  const places: number[] = [];
  let at = LOCAL_SIZE + MANIFEST.length + manifest;
  for (const { name, size } of files) {
    at += LOCAL_SIZE + utf8(name).length;
    places.push(at);
    at += size;
  }
  return [...places, at];
}

/** The padded length of a package of files that end at `end`, with a signature of `signature` bytes. */
export function lengthOf(end: number, names: readonly string[], signature: number): number {
  const listed = [MANIFEST, ...names].reduce((sum, name) => sum + CENTRAL_SIZE + utf8(name).length, 0);
  return padded(end + listed + overhead(SIGNATURE) + signature + overhead(PADDING) + END_SIZE);
}

export interface Package {
  readonly length: number;
  readonly blocks: () => AsyncIterable<Bytes>;
}

/** The package as a stream; `length` is the padded length. Refused while reading: a file that changed meanwhile. */
export function pack(manifest: Bytes, signature: Bytes, files: readonly Measured[]): Package {
  const members: Member[] = [inMemory(MANIFEST, manifest), ...files, inMemory(SIGNATURE, signature)];
  const sizes = members.map((one) => overhead(one.name) + one.size);
  const bare = sizes.reduce((sum, size) => sum + size, overhead(PADDING) + END_SIZE);
  const length = padded(bare);
  return { length, blocks: () => blocksOfPackage([...members, padding(length - bare)]) };
}

async function* blocksOfPackage(members: readonly Member[]): AsyncGenerator<Bytes> {
  const directory: Bytes[] = [];
  let offset = 0;
  for (const member of members) {
    const name = utf8(member.name);
    directory.push(central(member, offset), name);
    yield join(local(member), name);
    yield* content(member);
    offset += LOCAL_SIZE + name.length + member.size;
  }
  const listed = join(...directory);
  yield join(listed, end(members.length, listed.length, offset));
}

async function* content(member: Member): AsyncGenerator<Bytes> {
  let crc = CRC_START;
  let size = 0;
  for await (const block of member.blocks()) {
    if (!member.isKept) crc = crcOf(block, crc);
    size += block.length;
    if (size > member.size) break;
    yield block;
  }
  if (size !== member.size || (!member.isKept && crcDone(crc) !== member.crc)) refuse("bidding.file_changed");
}

/** Little-endian numbers, each with its width in bytes. */
function numbers(...pairs: ReadonlyArray<readonly [width: 2 | 4, number: number]>): Bytes {
  const data = new Uint8Array(pairs.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(data.buffer);
  let at = 0;
  for (const [width, number] of pairs) {
    if (width === 2) view.setUint16(at, number, true);
    else view.setUint32(at, number, true);
    at += width;
  }
  return data;
}

/** What both headers of a member say, from the version needed to the length of the name. */
function common(member: Member): Bytes {
  const { crc, size, name } = member;
  const marks = [[2, VERSION], [2, UTF8_NAMES], [2, STORED], [2, 0], [2, FIRST_DAY]] as const;
  return numbers(...marks, [4, crc], [4, size], [4, size], [2, utf8(name).length]);
}

function local(member: Member): Bytes {
  return join(numbers([4, 0x04034b50]), common(member), numbers([2, 0]));
}

function central(member: Member, offset: number): Bytes {
  const rest = numbers([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
  return join(numbers([4, 0x02014b50], [2, VERSION]), common(member), rest);
}

function end(count: number, size: number, offset: number): Bytes {
  return numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
}
