import assert from "node:assert/strict";
import { test } from "node:test";
import { bool, bytes, decimal, instant, list, optional, record, text, uint } from "../seal/canon.ts";
import { treeOf } from "./tree.ts";

const codec = record("sunlight.test/1", {
  name: text, count: uint, at: instant, digest: bytes, price: decimal(2), right: bool, none: optional(text), lines: list(text),
});
const DATA = codec.write({
  name: "一标段", count: 3n, at: 0n, digest: Uint8Array.of(0xab), price: "9596000.00", right: true, none: null, lines: ["x", "y"],
});

test("what canonical bytes say is shown value by value", () => {
  assert.deepEqual(treeOf(DATA), {
    tag: "sunlight.test/1",
    values: ["一标段", "3", "1970-01-01T00:00:00.000000+00:00", "ab", "9596000.00", "✓", "—", { tag: "", values: ["x", "y"] }],
  });
});

test("what is not canonical bytes is shown by its digest alone", () => {
  assert.equal(treeOf(DATA.subarray(0, -1)), null);
  assert.equal(treeOf(Uint8Array.of(...DATA, 0)), null);
  assert.equal(treeOf(new TextEncoder().encode("%PDF-1.7")), null);
  assert.equal(treeOf(new Uint8Array()), null);
  assert.equal(treeOf(new Uint8Array(200).fill(5)), null);
  assert.equal(treeOf(Uint8Array.of(2, 0, 0, 0, 1, 0xff)), null);
});
