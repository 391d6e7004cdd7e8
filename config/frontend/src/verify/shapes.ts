/** The shape of every entry and record, read from the golden files (docs/bundle.md, "Bytes").
 *
 * Enters: canonical bytes. Leaves: entries with their stamp and fields, records with their fields; `Malformed` for an
 * unknown tag, another number of fields, or bytes that are not canonical. Whole numbers and instants are BigInt, decimals
 * the text that stands there.
 */
import type { Bytes } from "../seal/bytes.ts";
import { type Codec, Malformed, Reader, bool, bytes, commitment, decimal, decode, instant, list, optional, record, text, uint } from "../seal/canon.ts";
import events from "../../../../tests/vectors/events.json";
import records from "../../../../tests/vectors/records.json";

// What stands in an entry is known by its tag alone; a wrong guess shows as "does not fit together".
export type Value = any;
export type Fields = Readonly<Record<string, Value>>;
type Shown = Readonly<Record<string, readonly string[]>>;

const EVENTS: Shown = events;
const RECORDS: Shown = records;
const TAGS: ReadonlyMap<string, string> = new Map(Object.entries(RECORDS).map(([tag, [name]]) => [(name as string).slice("class ".length), tag]));
const BARE: ReadonlySet<string> = new Set(["ledger:veiled:added"]);
const WORDS: Readonly<Record<string, unknown>> = {
  int: uint, str: text, bytes, bool, datetime: instant, Commitment: commitment, Yuan: decimal(2), Points: decimal(2),
};
const SAME: Readonly<Record<string, string>> = { Envelopes: "tuple[ClosedEnvelope, ...]" };
export const NEVER = "never";
const LONGEST = 65_535;

interface Row {
  readonly name: string;
  readonly type: string;
  /** What discloses a committed field, "" for a plain one. */
  readonly by: string;
}

/** A line of the files: `name: type`, and ` -> event` for a committed field. */
function rowOf(line: string): Row {
  const at = line.indexOf(": ");
  const [type, by] = line.slice(at + 2).split(" -> ");
  return { name: line.slice(0, at), type: type as string, by: by ?? "" };
}

function codecOf(type: string): Codec<Value> {
  const word = WORDS[type];
  if (word !== undefined) return word as Codec<Value>;
  if (SAME[type] !== undefined) return codecOf(SAME[type]);
  if (type.endsWith(" | None")) return optional(codecOf(type.slice(0, -" | None".length)));
  const many = /^tuple\[(.*), \.\.\.\]$/.exec(type);
  if (many !== null) return list(codecOf(many[1] as string));
  const places = /^Annotated\[Decimal, Places\((\d)\)\]$/.exec(type);
  if (places !== null) return decimal(Number(places[1]));
  return recordCodec(TAGS.get(type) ?? type);
}

const made = new Map<string, Codec<Value>>();

function recordCodec(tag: string): Codec<Value> {
  const known = made.get(tag);
  if (known !== undefined) return known;
  const rows = Object.hasOwn(RECORDS, tag) ? RECORDS[tag] : undefined;
  if (rows === undefined) throw new Malformed(`unknown record ${tag}`);
  const fields = rows.slice(1).map(rowOf);
  const codec = record(tag, Object.fromEntries(fields.map(({ name, type }) => [name, codecOf(type)]))) as Codec<Value>;
  made.set(tag, codec);
  return codec;
}

/** The record of this tag in `data`, all of it. */
export function readRecord(tag: string, data: Uint8Array): Fields {
  return decode(recordCodec(tag), data) as Fields;
}

/** The canonical bytes of a record. */
export function writeRecord(tag: string, value: Fields): Bytes {
  return recordCodec(tag).write(value);
}

/** The record in `data` if its tag is one of `tags`; null for anything else. */
export function readAny(data: Uint8Array, tags: ReadonlySet<string>): { tag: string; fields: Fields } | null {
  if (data[0] !== 0x09) return null;
  try {
    const reader = new Reader(data);
    reader.take(1);
    const tag = new TextDecoder().decode(reader.block());
    return tags.has(tag) ? { tag, fields: readRecord(tag, data) } : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** Which fields of an entry are committed, each with the event that discloses it (or "never"). */
export function committed(tag: string): ReadonlyMap<string, string> {
  const rows = (EVENTS[tag] ?? []).map(rowOf).filter((row) => row.by !== "");
  return new Map(rows.map(({ name, by }) => [name, by]));
}

export interface Entry {
  readonly tag: string;
  readonly id: Bytes;
  readonly at: bigint;
  readonly by: string;
  readonly isStamped: boolean;
  readonly values: Fields;
}

const stamp = [bytes, instant, optional(text)] as const;
const shapes = new Map<string, ReadonlyArray<readonly [string, Codec<Value>]>>();

function fieldsOf(tag: string): ReadonlyArray<readonly [string, Codec<Value>]> {
  let found = shapes.get(tag);
  if (found === undefined) {
    const rows = Object.hasOwn(EVENTS, tag) ? EVENTS[tag] : undefined;
    if (rows === undefined) throw new Malformed(`unknown event '${tag}'`);
    found = rows.map(rowOf).map(({ name, type, by }) => [name, by === "" ? codecOf(type) : (commitment as Codec<Value>)]);
    shapes.set(tag, found);
  }
  return found;
}

/** The entry in `data`, all of it. */
export function readEntry(data: Uint8Array): Entry {
  if (data.length > LONGEST) throw new Malformed("an entry is at most 65,535 bytes");
  const reader = new Reader(data);
  reader.expect(0x09);
  const tag = new TextDecoder("utf-8").decode(reader.block());
  const [fields, isStamped] = [fieldsOf(tag), !BARE.has(tag)];
  if (reader.u32() !== fields.length + (isStamped ? stamp.length : 0)) throw new Malformed("wrong number of fields");
  const [id, at, by] = isStamped ? ([stamp[0].read(reader), stamp[1].read(reader), stamp[2].read(reader)] as const) : [new Uint8Array(), 0n, null];
  if (isStamped && id.length !== 16) throw new Malformed("an entry id is 16 bytes");
  const values = Object.fromEntries(fields.map(([name, codec]) => [name, codec.read(reader)]));
  reader.end();
  return { tag, id, at, by: by ?? "", isStamped, values };
}
