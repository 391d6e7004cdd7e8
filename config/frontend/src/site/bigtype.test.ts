import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "./bigtype.ts";

test("the choice is kept for a year, or forgotten at once", () => {
  assert.equal(remembered(true, false), "sunlight_type=big; path=/; max-age=31536000; samesite=lax");
  assert.equal(remembered(false, true), "sunlight_type=; path=/; max-age=0; samesite=lax; secure");
});
