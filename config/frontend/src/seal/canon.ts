/** Canonical bytes of everything that is signed, hashed or kept for ever (twin of ledger/canon.py; ledger.md, "Bytes").
 *
 * Enters: values with a codec that declares their type. Leaves: one byte string for one value. Reading is strict: what
 * does not write back to the same bytes is malformed. Integers are BigInt; an instant is microseconds since 1970.
 */
import { type Bytes, join, same, utf8 } from "./bytes.ts";

export class Malformed extends Error {
  override readonly name = "Malformed";
}

const MAX_UINT = 2n ** 63n - 1n;
const LAST_INSTANT = 253_402_300_799_999_999n; // 9999-12-31T23:59:59.999999Z, where the twin's calendar ends
const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

export class Reader {
  at = 0;
  constructor(readonly data: Uint8Array) {}

  take(length: number): Bytes {
    if (this.at + length > this.data.length) throw new Malformed("canonical bytes end early");
    this.at += length;
    return this.data.slice(this.at - length, this.at) as Bytes;
  }
  u32(): number {
    return new DataView(this.take(4).buffer).getUint32(0);
  }
  u64(): bigint {
    return new DataView(this.take(8).buffer).getBigUint64(0);
  }
  peek(): number | undefined {
    return this.data[this.at];
  }
  expect(mark: number): void {
    if (this.take(1)[0] !== mark) throw new Malformed("another type of value");
  }
  block(): Bytes {
    return this.take(this.u32());
  }
  end(): void {
    if (this.at !== this.data.length) throw new Malformed("bytes after the end");
  }
}

export interface Codec<T> {
  write(value: T): Bytes;
  read(reader: Reader): T;
}

function u32(number: number): Bytes {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, number);
  return data;
}

function marked64(mark: number, number: bigint): Bytes {
  const data = new Uint8Array(9);
  data[0] = mark;
  new DataView(data.buffer).setBigUint64(1, number);
  return data;
}

function block(mark: number, data: Uint8Array): Bytes {
  return join(Uint8Array.of(mark), u32(data.length), data);
}

function within(value: bigint, most: bigint): bigint {
  if (typeof value !== "bigint" || value < 0n || value > most) throw new Malformed("a number out of range");
  return value;
}

function number64(mark: number, most: bigint): Codec<bigint> {
  return {
    write: (value) => marked64(mark, within(value, most)),
    read: (reader) => {
      reader.expect(mark);
      return within(reader.u64(), most);
    },
  };
}

export const uint = number64(0x01, MAX_UINT);
export const instant = number64(0x04, LAST_INSTANT);

function plain(value: string): string {
  if (typeof value !== "string" || value.includes("\0") || value.normalize("NFC") !== value) {
    throw new Malformed("text is not NFC or holds U+0000");
  }
  return value;
}

export const text: Codec<string> = {
  write: (value) => {
    const data = utf8(plain(value));
    if (new TextDecoder("utf-8", { ignoreBOM: true }).decode(data) !== value) throw new Malformed("not Unicode");
    return block(0x02, data);
  },
  read: (reader) => {
    reader.expect(0x02);
    const data = reader.block();
    try {
      return plain(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data));
    } catch (error) {
      throw new Malformed("text is not UTF-8", { cause: error });
    }
  },
};

export const bytes: Codec<Bytes> = {
  write: (value) => block(0x03, value),
  read: (reader) => {
    reader.expect(0x03);
    return reader.block();
  },
};

export const commitment: Codec<Bytes> = {
  write: (value) => {
    if (value.length !== 32) throw new Malformed("not a commitment of 32 bytes");
    return join(Uint8Array.of(0x06), value);
  },
  read: (reader) => {
    reader.expect(0x06);
    return reader.take(32);
  },
};

export const bool: Codec<boolean> = {
  write: (value) => Uint8Array.of(0x08, value ? 1 : 0),
  read: (reader) => {
    reader.expect(0x08);
    const [value] = reader.take(1);
    if (value !== 0 && value !== 1) throw new Malformed("bool is neither 0 nor 1");
    return value === 1;
  },
};

/** A decimal as text with exactly `places` digits after its point. */
export function decimal(places: number): Codec<string> {
  const check = (value: string): string => {
    const digits = value.split(".")[1]?.length ?? 0;
    if (!DECIMAL.test(value) || digits !== places || /^-[0.]*$/.test(value)) throw new Malformed("not such a decimal");
    return value;
  };
  return {
    write: (value) => block(0x07, utf8(check(value))),
    read: (reader) => {
      reader.expect(0x07);
      return check(String.fromCharCode(...reader.block()));
    },
  };
}

export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    write: (values) => join(Uint8Array.of(0x05), u32(values.length), ...values.map((value) => item.write(value))),
    read: (reader) => {
      reader.expect(0x05);
      const values: T[] = [];
      for (let left = reader.u32(); left > 0; left -= 1) values.push(item.read(reader));
      return values;
    },
  };
}

export function optional<T>(inner: Codec<T>): Codec<T | null> {
  return {
    write: (value) => (value === null ? Uint8Array.of(0x00) : inner.write(value)),
    read: (reader) => {
      if (reader.peek() !== 0x00) return inner.read(reader);
      reader.take(1);
      return null;
    },
  };
}

/** The first bytes of a record: mark, tag, number of fields. */
export function head(tag: string, count: number): Bytes {
  return join(block(0x09, utf8(tag)), u32(count));
}

type Fields<T> = { readonly [K in keyof T]: Codec<T[K]> };

/** A record under `tag`; its fields stand in the order of `fields`. */
export function record<T extends object>(tag: string, fields: Fields<T>): Codec<T> {
  const names = Object.keys(fields) as Array<keyof T>;
  return {
    write: (value) => join(head(tag, names.length), ...names.map((name) => fields[name].write(value[name]))),
    read: (reader) => {
      reader.expect(0x09);
      if (!same(reader.block(), utf8(tag)) || reader.u32() !== names.length) throw new Malformed(`not a ${tag}`);
      return Object.fromEntries(names.map((name) => [name, fields[name].read(reader)])) as T;
    },
  };
}

/** The value in `data`, all of it. */
export function decode<T>(codec: Codec<T>, data: Uint8Array): T {
  const reader = new Reader(data);
  const value = codec.read(reader);
  reader.end();
  if (!same(codec.write(value), data)) throw new Malformed("not canonical");
  return value;
}
