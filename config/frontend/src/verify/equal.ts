/** Whether values read from entries and records are the same, whatever they are made of; and their order.
 *
 * Enters: values of canonical bytes (BigInt, text, bytes, lists, records). Leaves: one text for one value, so that they
 * can be compared, counted and kept in sets.
 */
import { hex } from "../seal/bytes.ts";
import type { Value } from "./shapes.ts";

/** A text that is the same for the same value and for no other. */
export function keyOf(value: Value): string {
  if (value === null || value === undefined) return "-";
  if (typeof value === "bigint" || typeof value === "number") return `n${value}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return value ? "t" : "f";
  if (value instanceof Uint8Array) return `x${hex(value)}`;
  if (Array.isArray(value)) return `[${value.map(keyOf).join(",")}]`;
  const fields = Object.keys(value).sort().map((name) => `${name}:${keyOf(value[name])}`);
  return `{${fields.join(",")}}`;
}

export function equal(left: Value, right: Value): boolean {
  return keyOf(left) === keyOf(right);
}

/** Whether both hold the same values, as often, in any order. */
export function sameBag(left: readonly Value[], right: readonly Value[]): boolean {
  return equal(left.map(keyOf).sort(), right.map(keyOf).sort());
}

export function sameSet(left: Iterable<Value>, right: Iterable<Value>): boolean {
  return equal([...new Set([...left].map(keyOf))].sort(), [...new Set([...right].map(keyOf))].sort());
}

/** The values that stand in `values` more than once. */
export function repeated<T>(values: Iterable<T>): T[] {
  const seen = new Map<string, { value: T; count: number }>();
  for (const value of values) {
    const key = keyOf(value);
    const had = seen.get(key);
    if (had === undefined) seen.set(key, { value, count: 1 });
    else had.count += 1;
  }
  return [...seen.values()].filter((one) => one.count > 1).map((one) => one.value);
}

/** The order of two values of one kind. Text by code points, as Python orders it; a list by its first difference. */
export function compare(left: Value, right: Value): number {
  if (Array.isArray(left) && Array.isArray(right)) {
    const at = left.findIndex((one, place) => place >= right.length || compare(one, right[place]) !== 0);
    return at < 0 ? left.length - right.length : at >= right.length ? 1 : compare(left[at], right[at]);
  }
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compare(hex(left), hex(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareText(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const gap = (a[at] as string).codePointAt(0)! - (b[at] as string).codePointAt(0)!;
    if (gap !== 0) return gap;
  }
  return a.length - b.length;
}

export function sorted<T>(values: Iterable<T>, by: (value: T) => Value = (value) => value): T[] {
  return [...values].sort((left, right) => compare(by(left), by(right)));
}
