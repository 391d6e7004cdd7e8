import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, unhex } from "./bytes.ts";
import { type Codec, Malformed, bool, bytes, commitment, decimal, decode, instant, list, optional, record, text, uint } from "./canon.ts";
import { leafOf, readEntry } from "./receipt.ts";
import { vectors } from "./vectors.ts";

type Kind = string | { decimal?: number; list?: Kind; optional?: Kind; record?: [string, Array<[string, Kind]>] };
type Any = Codec<unknown>;
interface Vectors {
  taken: Array<{ type: Kind; value: unknown; bytes: string }>;
  refused: Array<{ type: Kind; bytes: string }>;
  unwritable: Array<{ type: Kind; value: unknown }>;
  receipts: Array<{ entry: string; salt: string; leaf: string }>;
}

const WORDS: Record<string, unknown> = { uint, text, bytes, instant, commitment, bool };
const CANON = vectors<Vectors>("canon");

function codecOf(kind: Kind): Any {
  if (typeof kind === "string") return WORDS[kind] as Any;
  if (kind.decimal !== undefined) return decimal(kind.decimal) as Any;
  if (kind.list !== undefined) return list(codecOf(kind.list)) as Any;
  if (kind.optional !== undefined) return optional(codecOf(kind.optional)) as Any;
  const [tag, fields] = kind.record as [string, Array<[string, Kind]>];
  return record(tag, Object.fromEntries(fields.map(([name, below]) => [name, codecOf(below)]))) as unknown as Any;
}

function valueOf(kind: Kind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === "uint" || kind === "instant") return BigInt(value as string);
  if (kind === "bytes" || kind === "commitment") return unhex(value as string);
  if (typeof kind === "string" || kind.decimal !== undefined) return value;
  if (kind.list !== undefined) return (value as unknown[]).map((one) => valueOf(kind.list as Kind, one));
  if (kind.optional !== undefined) return valueOf(kind.optional, value);
  const fields = (kind.record as [string, Array<[string, Kind]>])[1];
  return Object.fromEntries(fields.map(([name, below]) => [name, valueOf(below, (value as Record<string, unknown>)[name])]));
}

for (const { type, value, bytes: expected } of CANON.taken) {
  test(`${JSON.stringify(type)} ${JSON.stringify(value)} has one spelling`, () => {
    const codec = codecOf(type);
    assert.equal(hex(codec.write(valueOf(type, value))), expected);
    assert.deepEqual(decode(codec, unhex(expected)), valueOf(type, value));
  });
}

for (const { type, bytes: data } of CANON.refused) {
  test(`${JSON.stringify(type)} is not read from ${data}`, () => {
    assert.throws(() => decode(codecOf(type), unhex(data)), Malformed);
  });
}

for (const { type, value } of CANON.unwritable) {
  test(`${JSON.stringify(type)} is not written from ${JSON.stringify(value)}`, () => {
    assert.throws(() => codecOf(type).write(valueOf(type, value)), Malformed);
  });
}

test("the inner entries of receipts are read, and their leaf follows from them", () => {
  const kinds = CANON.receipts.map(({ entry, salt, leaf }) => {
    assert.equal(hex(leafOf(unhex(entry), unhex(salt))), leaf);
    return readEntry(unhex(entry)).kind;
  });
  assert.deepEqual(kinds, ["sealed", "sealed", "withdrawn", "refused", "not_withdrawn"]);
});

test("an inner entry that is longer, shorter or of another kind is not read", () => {
  const entry = CANON.receipts[0]!.entry;
  const unknown = entry.replace("62696464696e673a", "62696464696e673b"); // "bidding;..."
  const fields = entry.replace(/(7365616c6564000000)../, (_all, begin: string) => `${begin}7f`); // 127 of them
  for (const other of [`${entry}00`, entry.slice(0, -2), unknown, fields]) {
    assert.notEqual(other, entry);
    assert.throws(() => readEntry(unhex(other)), Malformed);
  }
});
