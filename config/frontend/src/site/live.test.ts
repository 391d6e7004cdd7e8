import assert from "node:assert/strict";
import { test } from "node:test";
import { AGAIN, LiveLink, type State, type Wire, hintOf, gathered, patience } from "./live.ts";

class Line implements Wire {
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.onclose?.();
  }
}

function talk(from: number | null) {
  const lines: Line[] = [];
  const waits: Array<{ run: () => void; milliseconds: number }> = [];
  const heard: number[] = [];
  const states: State[] = [];
  const link = new LiveLink("ws://here", from, (entry) => heard.push(entry), (state) => states.push(state), {
    connect: () => {
      const line = new Line();
      lines.push(line);
      return line;
    },
    later: (run, milliseconds) => waits.push({ run, milliseconds }),
    random: () => 1,
  });
  link.open();
  return { lines, waits, heard, states, line: () => lines[lines.length - 1] as Line };
}

test("a message is an entry number, perhaps the one before it, and nothing else", () => {
  assert.deepEqual(hintOf('{"entry": 41}'), { entry: 41, after: null });
  assert.deepEqual(hintOf('{"entry": 0, "after": null}'), { entry: 0, after: null });
  assert.deepEqual(hintOf('{"entry": 9, "after": 4}'), { entry: 9, after: 4 });
  for (const other of ["", "{", "41", "null", '{"entry": -1}', '{"entry": 1.5}', '{"entry": "9"}', '{"price": 3}', 7]) {
    assert.equal(hintOf(other), null);
  }
});

test("a dropped hint is asked for, and everybody hears the same sequence", () => {
  const log = [3, 8, 9, 15, 22, 23, 40];
  const said = (place: number): string => JSON.stringify({ entry: log[place], after: log[place - 1] ?? null });
  for (let lost = 0; lost < 2 ** log.length; lost += 1) {
    const talked = talk(2);
    const line = talked.line();
    const answer = (): void => {
      const asked = line.sent.splice(0).map((text) => (JSON.parse(text) as { from: number }).from);
      for (const from of asked) {
        let before: number | null = null;
        for (const entry of log.filter((one) => one >= from)) {
          line.onmessage?.({ data: JSON.stringify({ entry, after: before }) });
          before = entry;
        }
      }
    };
    line.onopen?.();
    line.sent.length = 0;
    log.forEach((_entry, place) => {
      if ((lost >> place) & 1 && place < log.length - 1) return; // this one is dropped
      line.onmessage?.({ data: said(place) });
      answer();
    });
    assert.deepEqual(talked.heard, log, `dropped ${lost.toString(2)}`);
  }
});

test("what does not come is asked for once, and once more after a while", () => {
  const talked = talk(2);
  const line = talked.line();
  line.onopen?.();
  line.sent.length = 0;
  const hint = (entry: number, after: number): void => line.onmessage?.({ data: JSON.stringify({ entry, after }) });
  for (const [entry, after] of [[9, 8], [15, 9], [9, 8], [15, 9]] as const) hint(entry, after);
  assert.deepEqual([talked.heard, line.sent], [[], ['{"from":2}']]);
  assert.deepEqual(talked.waits.map((wait) => wait.milliseconds), [AGAIN]);
  talked.waits.shift()?.run();
  assert.deepEqual(line.sent, ['{"from":2}', '{"from":2}']);
  hint(8, 2);
  hint(15, 9);
  assert.deepEqual([talked.heard, line.sent.at(-1)], [[8], '{"from":8}']);
  talked.waits.shift()?.run();
  hint(9, 8);
  hint(15, 9);
  for (const wait of talked.waits.splice(0)) wait.run();
  assert.deepEqual([talked.heard, line.sent.length], [[8, 9, 15], 3]);
});

test("a fresh page says from where it was drawn, then hears each entry once", () => {
  const talked = talk(40);
  talked.line().onopen?.();
  assert.deepEqual(talked.line().sent, ['{"from":40}']);
  for (const entry of [40, 41, 41, 43]) talked.line().onmessage?.({ data: `{"entry": ${entry}}` });
  assert.deepEqual(talked.heard, [41, 43]);
});

test("a lost line is opened again, later each time, and asks from the last entry heard", () => {
  const talked = talk(null);
  talked.line().onopen?.();
  assert.deepEqual(talked.line().sent, []);
  talked.line().onmessage?.({ data: '{"entry": 7}' });
  talked.line().close();
  talked.waits[0]?.run();
  talked.line().close();
  assert.deepEqual(talked.waits.map((wait) => wait.milliseconds), [500, 1000]);
  talked.waits[1]?.run();
  talked.line().onopen?.();
  assert.deepEqual(talked.line().sent, ['{"from":7}']);
  assert.deepEqual(talked.states, ["connecting", "live", "lost", "connecting", "lost", "connecting", "live"]);
});

test("patience doubles, is spread out, and ends at half a minute", () => {
  assert.deepEqual([0, 1, 2, 20].map((tries) => patience(tries, 1)), [500, 1000, 2000, 30_000]);
  assert.deepEqual([0, 20].map((tries) => patience(tries, 0)), [250, 15_000]);
});

test("many hints in a moment make one refresh", () => {
  const waits: Array<() => void> = [];
  let acts = 0;
  const hint = gathered(() => (acts += 1), () => 100, (run) => waits.push(run));
  hint();
  hint();
  waits.shift()?.();
  hint();
  waits.shift()?.();
  assert.equal(acts, 2);
  assert.equal(waits.length, 0);
});
