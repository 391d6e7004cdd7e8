import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { committed, fromHex, toHex } from "./seed.ts";

const range = (from: number, to: number): Uint8Array => Uint8Array.from({ length: to - from }, (_, at) => from + at);

test("the commitment is the one experts/lottery.py computes", () => {
  const input = committed(toHex(range(0, 16)), "supervisor", range(32, 64));
  assert.ok(input);
  const digest = createHash("sha256").update(input).digest("hex");
  assert.equal(digest, "b4f35c7f25ebbd2e89b330426058b0190d8e0b73c4e6d938e8f1968648b8fdc4");
});

test("a draw's number or a seed of the wrong length is refused", () => {
  assert.equal(committed("00", "agent", range(0, 32)), null);
  assert.equal(committed(toHex(range(0, 16)), "agent", range(0, 31)), null);
});

test("only small hexadecimal pairs are bytes", () => {
  assert.deepEqual(fromHex("00ff"), Uint8Array.from([0, 255]));
  for (const odd of ["", "0", "0g", "AB", " 00"]) assert.equal(fromHex(odd), null);
});
