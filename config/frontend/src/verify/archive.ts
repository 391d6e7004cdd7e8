/** A bundle's archive in its one form (docs/bundle.md): stored members in the order of their names, one fixed time.
 *
 * Enters: the bytes of a file. Leaves: its parts by name; `Broken` for every other archive, even one that holds the same.
 * The archive is written again from its parts, and every byte must be the same.
 */
import type { Bytes } from "../seal/bytes.ts";
import { CRC_START, crcDone, crcOf } from "../seal/crc.ts";
import { compare } from "./equal.ts";
import { Broken } from "./findings.ts";

const LARGEST = 2 ** 32;
const MEMBERS = 100_000;
const [LOCAL, CENTRAL, END] = [30, 46, 22];
const [LOCAL_MARK, CENTRAL_MARK, END_MARK] = [0x04034b50, 0x02014b50, 0x06054b50];
const VERSION = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION;
const DAY = (1 << 5) | 1; // 1 January 1980
const MODE = (0o100444 << 16) >>> 0; // a file that everybody may read

interface Member {
  readonly name: string;
  readonly data: Bytes;
  readonly at: number;
}

type Parts = ReadonlyMap<string, Bytes>;

export function unpack(data: Bytes): Parts {
  if (data.length > LARGEST) throw new Broken("the bundle is larger than 4 GiB");
  const members = read(data);
  const names = members.map((one) => one.name);
  if (members.length > MEMBERS || names.some((name, at) => at > 0 && compare(names[at - 1], name) >= 0)) {
    throw new Broken("the bundle's members are not in order, or too many");
  }
  if (!isOneForm(data, members)) throw new Broken("the bundle is not in its one form");
  return new Map(members.map((one) => [one.name, one.data]));
}

/** The members as the directory at the end names them. */
function read(data: Bytes): Member[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const end = data.length - END;
  if (end < 0 || view.getUint32(end, true) !== END_MARK) throw new Broken("this is not a bundle");
  const members: Member[] = [];
  let [at, left] = [view.getUint32(end + 16, true), data.length];
  try {
    for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
      const [size, length] = [view.getUint32(at + 20, true), view.getUint16(at + 28, true)];
      const [start, name] = [view.getUint32(at + 42, true), nameOf(data.subarray(at + CENTRAL, at + CENTRAL + length))];
      const from = start + LOCAL + length;
      if (from + size > data.length) throw new Broken("this is not a bundle");
      left -= size;
      if (left < 0) throw new Broken("the bundle is not in its one form"); // members that lie in one another
      members.push({ name, data: data.slice(from, from + size), at: start });
      at += CENTRAL + length;
    }
  } catch (error) {
    if (error instanceof RangeError) throw new Broken("this is not a bundle", { cause: error });
    throw error;
  }
  return members;
}

function nameOf(data: Uint8Array): string {
  const name = String.fromCharCode(...data);
  if (!/^[\x21-\x7e]+$/.test(name)) throw new Broken("this is not a bundle");
  return name;
}

/** Whether writing the members again gives these bytes. */
function isOneForm(data: Bytes, members: readonly Member[]): boolean {
  const directory: Uint8Array[] = [];
  let at = 0;
  const passes = (piece: Uint8Array): boolean => {
    const found = data.subarray(at, at + piece.length);
    at += piece.length;
    return found.length === piece.length && piece.every((byte, place) => byte === found[place]);
  };
  for (const member of members) {
    const [name, crc] = [new TextEncoder().encode(member.name), crcDone(crcOf(member.data, CRC_START))];
    if (at !== member.at || !passes(local(name, crc, member.data.length))) return false;
    directory.push(central(name, crc, member.data.length, at - LOCAL - name.length));
    at += member.data.length; // these bytes are the member itself
  }
  const start = at;
  return directory.every(passes) && passes(end(members.length, at - start, start)) && at === data.length;
}

function local(name: Uint8Array, crc: number, size: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(LOCAL + name.length));
  head.setUint32(0, LOCAL_MARK, true);
  head.setUint16(4, VERSION, true);
  head.setUint16(12, DAY, true);
  sizes(head, 14, crc, size, name.length);
  return named(head, LOCAL, name);
}

function central(name: Uint8Array, crc: number, size: number, at: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(CENTRAL + name.length));
  head.setUint32(0, CENTRAL_MARK, true);
  head.setUint16(4, MADE_BY_UNIX, true);
  head.setUint16(6, VERSION, true);
  head.setUint16(14, DAY, true);
  sizes(head, 16, crc, size, name.length);
  head.setUint32(38, MODE, true);
  head.setUint32(42, at, true);
  return named(head, CENTRAL, name);
}

function sizes(head: DataView, at: number, crc: number, size: number, length: number): void {
  head.setUint32(at, crc, true);
  head.setUint32(at + 4, size, true);
  head.setUint32(at + 8, size, true);
  head.setUint16(at + 12, length, true);
}

function named(head: DataView, at: number, name: Uint8Array): Uint8Array {
  const data = new Uint8Array(head.buffer);
  data.set(name, at);
  return data;
}

function end(count: number, size: number, at: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(END));
  head.setUint32(0, END_MARK, true);
  head.setUint16(8, count, true);
  head.setUint16(10, count, true);
  head.setUint32(12, size, true);
  head.setUint32(16, at, true);
  return new Uint8Array(head.buffer);
}
