import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock, agree, serverInstant } from "./clock.ts";

test("one sample is known to half its round trip, and half a millisecond of rounding", () => {
  assert.deepEqual(agree([{ sent: 100, got: 140, server: 1_000_120 }]), { offset: 1_000_000.5, error: 20.5 });
});

test("several samples narrow the bound and never widen it", () => {
  const slow = { sent: 0, got: 400, server: 1_000_390 };
  const quick = { sent: 500, got: 510, server: 1_000_505 };
  const both = agree([slow, quick]);
  assert.ok(both.error <= agree([quick]).error);
  assert.ok(Math.abs(both.offset - 1_000_000) <= both.error);
});

test("samples that contradict each other leave only the newest", () => {
  const before = { sent: 0, got: 10, server: 1_000_005 };
  const moved = { sent: 20, got: 30, server: 5_000_025 };
  assert.deepEqual(agree([before, moved]), agree([moved]));
});

test("the true offset is inside the bound whatever the two ways took", () => {
  for (const there of [0, 1, 7, 90]) {
    for (const back of [0, 3, 250]) {
      const sent = 1234.5;
      const server = Math.floor(777_000 + sent + there);
      const reading = agree([{ sent, got: sent + there + back, server }]);
      assert.ok(Math.abs(reading.offset - 777_000) <= reading.error, `${there} there, ${back} back`);
    }
  }
});

test("a clock follows a server whose time was moved forward", async () => {
  let mono = 0;
  let lead = 1_000_000;
  const clock = new ServerClock(
    async () => {
      mono += 10;
      return { now: mono - 5 + lead };
    },
    () => mono,
  );
  assert.equal(clock.now(), null);
  await clock.measure(3);
  assert.ok(Math.abs((clock.now() ?? 0) - (mono + lead)) <= (clock.error ?? 0));
  lead += 86_400_000;
  await clock.measure(1);
  assert.ok(Math.abs((clock.now() ?? 0) - (mono + lead)) <= (clock.error ?? 0));
});

test("an answer is milliseconds or an instant with its zone, and nothing else", () => {
  assert.equal(serverInstant({ now: 1772413200000 }), 1772413200000);
  assert.equal(serverInstant({ now: "2026-03-02T09:00:00.250+08:00" }), 1772413200250);
  for (const wrong of [null, {}, { now: null }, { now: "soon" }, { now: Number.NaN }, "2026-03-02"]) {
    assert.throws(() => serverInstant(wrong), TypeError);
  }
});
