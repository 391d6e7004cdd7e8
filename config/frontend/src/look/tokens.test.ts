import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const text = readFileSync(join(process.cwd(), "src", "look", "tokens.css"), "utf8");

function colours(selector: string): Map<string, string> {
  const start = text.indexOf(`${selector} {`);
  assert.notEqual(start, -1, selector);
  const block = text.slice(start, text.indexOf("\n}", start));
  return new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1] as string, m[2] as string]));
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const states = ["still", "calm", "busy", "good", "halt"];
const text45: Array<[string, string]> = [
  ...["ink", "ink-soft", "ink-faint", "accent", "accent-strong", "focus", ...states].flatMap((on): Array<[string, string]> => [
    [on, "paper"],
    [on, "ground"],
  ]),
  ["ink-soft", "ground-deep"],
  ["ink-faint", "ground-deep"],
  ["on-accent", "accent"],
  ["accent", "accent-soft"],
  ["ink", "accent-soft"],
  ...states.flatMap((state): Array<[string, string]> => [
    [state, `${state}-soft`],
    ["ink", `${state}-soft`],
    ["ink-soft", `${state}-soft`],
  ]),
];
/** Edges of things one must find to use them: 3:1 (WCAG 1.4.11). */
const edges3: Array<[string, string]> = [
  ["line-strong", "paper"],
  ["line-strong", "ground"],
  ["focus", "accent-soft"],
];

for (const surface of [":root", '[data-surface="wall"]']) {
  test(`words on ${surface} have 4.5:1 and edges 3:1`, () => {
    const found = colours(surface);
    const ratio = (pair: [string, string]): number => {
      const [one, other] = pair.map((name) => found.get(name) ?? assert.fail(`no colour ${name}`)) as [string, string];
      return contrast(one, other);
    };
    const weak = [
      ...text45.filter((pair) => ratio(pair) < 4.5),
      ...edges3.filter((pair) => ratio(pair) < 3),
    ].map((pair) => `${pair.join(" on ")} is ${ratio(pair).toFixed(2)}`);
    assert.deepEqual(weak, []);
  });
}

test("the accent is readable on white by the stricter 7:1", () => {
  assert.ok(contrast(colours(":root").get("accent") ?? "", "#ffffff") >= 7);
});
