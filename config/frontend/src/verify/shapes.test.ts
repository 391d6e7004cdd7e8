import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, join, unhex } from "../seal/bytes.ts";
import { Malformed } from "../seal/canon.ts";
import { vectors } from "../seal/vectors.ts";
import { type Value, committed, readEntry } from "./shapes.ts";

interface Taken {
  readonly tag: string;
  readonly stamp: { readonly id: string; readonly at: string; readonly by: string | null } | null;
  readonly values: Readonly<Record<string, Value>>;
  readonly bytes: string;
}
interface Refused {
  readonly of: number;
  readonly why: string;
  readonly edits: ReadonlyArray<readonly [at: number, length: number, put: string]>;
}
interface Entries {
  readonly events: Readonly<Record<string, { readonly hidden: Readonly<Record<string, string>> }>>;
  readonly taken: readonly Taken[];
  readonly refused: readonly Refused[];
}

const ENTRIES = vectors<Entries>("entries");

/** A value as the vectors spell it. */
function spelled(value: Value): Value {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(spelled);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spelled(one)]));
  return value;
}

function edited(data: Uint8Array, edits: Refused["edits"]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const [at, length, put] of edits) {
    pieces.push(data.subarray(from, at), unhex(put));
    from = at + length;
  }
  return join(...pieces, data.subarray(from));
}

test("an entry of every tag is read as it was written", () => {
  for (const { tag, stamp, values, bytes } of ENTRIES.taken) {
    const entry = readEntry(unhex(bytes));
    assert.equal(entry.tag, tag);
    assert.deepEqual(entry.isStamped ? { id: hex(entry.id), at: String(entry.at), by: entry.by } : null, stamp && { ...stamp, by: stamp.by ?? "" });
    assert.deepEqual(spelled(entry.values), values, tag);
  }
});

test("every committed field is known with what discloses it", () => {
  for (const [tag, { hidden }] of Object.entries(ENTRIES.events)) assert.deepEqual(Object.fromEntries(committed(tag)), hidden, tag);
});

test("no entry of another form is read", () => {
  for (const { of, why, edits } of ENTRIES.refused) {
    const data = edited(unhex((ENTRIES.taken[of] as Taken).bytes), edits);
    assert.throws(() => readEntry(data), Malformed, `${of}: ${why}`);
  }
});
