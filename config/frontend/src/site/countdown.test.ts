import assert from "node:assert/strict";
import { test } from "node:test";
import { beijing, bound, crossed, nearness, spell } from "./countdown.ts";

const words = { day: "day", days: "days", over: "Closed" };

test("time left is spelled with days only when there are any", () => {
  assert.equal(spell(3 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000 + 6000, words), "3 days 04:05:06");
  assert.equal(spell(86_400_000, words), "1 day 00:00:00");
  assert.equal(spell(59_000, words), "00:00:59");
});

test("a begun second is a whole one, and the exact instant is over", () => {
  assert.equal(spell(1, words), "00:00:01");
  assert.equal(spell(0, words), "Closed");
  assert.equal(spell(-5, words), "Closed");
});

test("a milestone is told once, on the tick that crosses it", () => {
  assert.equal(crossed(600_250, 600_000), 600);
  assert.equal(crossed(600_000, 599_750), null);
  assert.equal(crossed(250, 0), 0);
  assert.equal(crossed(0, -250), null);
});

test("nearness goes by the day, the hour and ten minutes", () => {
  assert.deepEqual([0, 1, 600_001, 3_600_001, 86_400_001].map(nearness), ["over", "minutes", "hour", "day", "later"]);
});

test("the server's time is shown as Beijing time wherever the page is read", () => {
  assert.equal(beijing(Date.UTC(2026, 2, 2, 1, 0, 0)), "2026-03-02 09:00:00");
  assert.equal(beijing(Date.UTC(2026, 2, 2, 16, 0, 0, 250), true), "2026-03-03 00:00:00.2");
});

test("the bound is rounded up, never down", () => {
  assert.deepEqual([0, 11.2, 1201].map(bound), ["±1 ms", "±12 ms", "±1.3 s"]);
});
