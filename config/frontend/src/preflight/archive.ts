/** The members of a ZIP that a stranger's program made, read under limits (twin of bidding/preflight/archive.py).
 *
 * Enters: a Blob. Leaves: names, and contents up to a limit. `Damaged` for what is no ZIP in order, `Locked` for an
 * encrypted one, `Bomb` for one that would grow beyond reason. Inflating is the browser's own.
 */
import type { Bytes } from "../seal/bytes.ts";
import { CRC_START, crcDone, crcOf } from "../seal/crc.ts";

const END = 22;
const CENTRAL = 46;
const LOCAL = 30;
const [END_MARK, CENTRAL_MARK, LOCAL_MARK] = [0x06054b50, 0x02014b50, 0x04034b50];
const TAIL = END + 0xffff;
const MOST_MEMBERS = 20_000;
const MOST_DIRECTORY = 2 ** 24;
const MOST_TOTAL = 2 ** 30;
const SMALL = 2 ** 25;
const RATIO = 100;

export class Damaged extends Error {}
export class Locked extends Error {}
export class Bomb extends Error {
  constructor(readonly size: number) {
    super(String(size));
  }
}

interface Member {
  readonly name: string;
  readonly stored: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** A slice of a Blob, all of it or `Damaged`. */
export async function fetched(blob: Blob, offset: number, length: number): Promise<Bytes> {
  const data = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  if (data.length !== length) throw new Damaged();
  return data;
}

export class Archive {
  private constructor(
    private readonly blob: Blob,
    readonly members: ReadonlyMap<string, Member>,
  ) {}

  /** A ZIP whose directory is in order and whose sizes are bearable. */
  static async open(blob: Blob): Promise<Archive> {
    const { at, count, size, offset } = await end(blob);
    if (count > MOST_MEMBERS || size > MOST_DIRECTORY || offset + size > at) throw new Damaged();
    const members = directory(await fetched(blob, offset, size), count);
    const named = new Map(members.map((member) => [member.name, member]));
    if (named.size !== count) throw new Damaged();
    checkGrowth(members);
    return new Archive(blob, named);
  }

  /** The member's content; `Damaged` unless size and check sum are right. Its size was found bearable. */
  async read(name: string): Promise<Bytes> {
    const member = this.members.get(name);
    if (member === undefined) throw new Damaged();
    const head = view(await fetched(this.blob, member.offset, LOCAL));
    if (head.getUint32(0, true) !== LOCAL_MARK) throw new Damaged();
    const start = member.offset + LOCAL + head.getUint16(26, true) + head.getUint16(28, true);
    const packed = await fetched(this.blob, start, member.packed);
    const data = member.stored ? packed : await inflated(packed, member.size);
    if (data.length !== member.size || crcDone(crcOf(data, CRC_START)) !== member.crc) throw new Damaged();
    return data;
  }

  /** Read every member once and keep nothing. */
  async check(): Promise<void> {
    for (const name of this.members.keys()) await this.read(name);
  }
}

function view(data: Bytes): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

async function end(blob: Blob): Promise<{ at: number; count: number; size: number; offset: number }> {
  const start = Math.max(0, blob.size - TAIL);
  const tail = view(await fetched(blob, start, blob.size - start));
  for (let at = tail.byteLength - END; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END_MARK) continue;
    if (at + END + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    const [disk, first, here, count] = [4, 6, 8, 10].map((place) => tail.getUint16(at + place, true)) as [number, number, number, number];
    if (disk !== 0 || first !== 0 || here !== count) throw new Damaged();
    return { at: start + at, count, size: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true) };
  }
  throw new Damaged();
}

function directory(data: Bytes, count: number): Member[] {
  const [members, names, raw]: [Member[], TextDecoder, DataView] = [[], new TextDecoder(), view(data)];
  for (let at = 0; members.length < count; ) {
    if (data.length - at < CENTRAL) throw new Damaged();
    const [flags, method] = [raw.getUint16(at + 8, true), raw.getUint16(at + 10, true)];
    const [named, extra, comment] = [28, 30, 32].map((place) => raw.getUint16(at + place, true)) as [number, number, number];
    const begin = at + CENTRAL;
    const next = begin + named + extra + comment;
    if (raw.getUint32(at, true) !== CENTRAL_MARK || data.length < next || (method !== 0 && method !== 8)) throw new Damaged();
    if ((flags & 1) !== 0) throw new Locked();
    const [crc, packed, size] = [16, 20, 24].map((place) => raw.getUint32(at + place, true)) as [number, number, number];
    const name = names.decode(data.subarray(begin, begin + named));
    members.push({ name, stored: method === 0, crc, packed, size, offset: raw.getUint32(at + 42, true) });
    at = next;
  }
  return members;
}

function checkGrowth(members: readonly Member[]): void {
  const total = members.reduce((sum, member) => sum + member.size, 0);
  if (total > MOST_TOTAL || members.some(({ size, packed }) => size > Math.max(SMALL, RATIO * packed))) throw new Bomb(total);
}

/** What `packed` inflates to; never more than `size` bytes are kept. */
async function inflated(packed: Bytes, size: number): Promise<Bytes> {
  const data = new Uint8Array(size);
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Damaged();
    });
    if (done) break;
    if (at + value.length > size) {
      await reader.cancel().catch(() => {});
      throw new Damaged();
    }
    data.set(value, at);
    at += value.length;
  }
  if (at !== size) throw new Damaged();
  return data;
}
