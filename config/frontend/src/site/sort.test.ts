import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, compareDecimals } from "./sort.ts";

test("decimals compare exactly, however long and however written", () => {
  assert.equal(compareDecimals("9596000.00", "9596000"), 0);
  assert.equal(compareDecimals("90071992547409930.01", "90071992547409930.02"), -1);
  assert.equal(compareDecimals("-1.5", "-1.25"), -1);
  assert.equal(compareDecimals("10", "9"), 1);
});

test("numbers go by size, words by the page's language, blanks last both ways", () => {
  assert.ok(compare("9", "10", "ascending", "zh") < 0);
  assert.ok(compare("9", "10", "descending", "zh") > 0);
  assert.ok(compare("北京", "上海", "ascending", "zh-Hans") < 0);
  assert.ok(compare("", "1", "ascending", "zh") > 0);
  assert.ok(compare("", "1", "descending", "zh") > 0);
});
