import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, next } from "./replay.ts";

test("steps go on to the last one and no further", () => {
  assert.deepEqual([1, 2, 3, 4].map((step) => next(step, 3)), [2, 3, null, null]);
  for (const odd of [0, -1, 1.5, Number.NaN]) assert.equal(next(odd, 3), null);
});

test("a step's address is the page's own", () => {
  assert.equal(addressOf("/bidding/lots/sl-1/hall/replay", 7), "/bidding/lots/sl-1/hall/replay?step=7");
});
