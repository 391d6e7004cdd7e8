import assert from "node:assert/strict";
import { test } from "node:test";
import { stepped } from "./rows.ts";

test("arrows and letters move one row and stop at the ends", () => {
  assert.equal(stepped("ArrowDown", 0, 3), 1);
  assert.equal(stepped("j", 2, 3), 2);
  assert.equal(stepped("ArrowUp", 0, 3), 0);
  assert.equal(stepped("k", 2, 3), 1);
});

test("Home and End go to the ends, other keys and empty tables nowhere", () => {
  assert.equal(stepped("Home", 2, 3), 0);
  assert.equal(stepped("End", 0, 3), 2);
  assert.equal(stepped("Enter", 0, 3), null);
  assert.equal(stepped("ArrowDown", 0, 0), null);
});
