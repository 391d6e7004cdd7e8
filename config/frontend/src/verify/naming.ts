/** Check 40, and what names an object: a digest in an entry, or in a record that an entry names (docs/bundle.md). */
import { hex } from "../seal/bytes.ts";
import { type Case, OBJECTS, PRIVATE } from "./case.ts";
import { compare, sorted } from "./equal.ts";
import type { Check, Found } from "./findings.ts";
import { type Value, readAny } from "./shapes.ts";
import type { Trust } from "./trust.ts";

/** The records that name objects in their turn. */
const HOLDERS: ReadonlySet<string> = new Set([
  "sunlight.count/1", "sunlight.notice/1", "sunlight.addendum/1", "sunlight.candidates/1", "sunlight.award/1", "sunlight.contract/1",
  "sunlight.openingrecord/1", "sunlight.report/1", "sunlight.release/1",
]);

/** Every 32 bytes (hex) that stand somewhere in a value; of a commitment the caller keeps out. */
function digestsIn(value: Value): string[] {
  if (value instanceof Uint8Array) return value.length === 32 ? [hex(value)] : [];
  if (Array.isArray(value)) return value.flatMap(digestsIn);
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(digestsIn) : [];
}

/** For each digest that stands somewhere, the tag of what names it first. */
export function namers(about: Case): ReadonlyMap<string, string> {
  return about.once("namers", () => {
    const found = new Map<string, string>();
    for (const one of sorted([...about.open, ...about.inner], (happened) => happened.index)) {
      for (const digest of digestsIn(one.plain)) if (!found.has(digest)) found.set(digest, one.tag);
    }
    const said = new Map<string, readonly [holder: string, tag: string]>();
    let fresh = [...found.keys()].filter((name) => about.objects.has(name));
    while (fresh.length > 0) {
      const reached = new Set<string>();
      for (const holder of fresh) {
        for (const [tag, digest] of inside(about, holder)) {
          const had = said.get(digest);
          if (!found.has(digest) && had === undefined) reached.add(digest);
          if (had === undefined || compare([holder, tag], had) < 0) said.set(digest, [holder, tag]);
        }
      }
      fresh = [...reached].filter((name) => about.objects.has(name));
    }
    return new Map([...[...said].map(([digest, [, tag]]) => [digest, tag] as const), ...found]);
  });
}

/** The digests in an object that is a record which names others. */
function inside(about: Case, name: string): Array<readonly [string, string]> {
  const data = about.objects.get(name) as Uint8Array;
  const record = readAny(data, HOLDERS);
  return record === null ? [] : digestsIn(record.fields).map((digest) => [record.tag, digest] as const);
}

/** Check 40. */
function nothingElse(about: Case, _trust: Trust, found: Found): void {
  const named = namers(about);
  for (const name of sorted(about.objects.keys())) found.unless(named.has(name), "unnamed", { name: OBJECTS + name });
  const may = new Set([
    ...about.all("bidding:share:released").map((one) => `${one.v("lot")}/${one.v("leaf")}.batch`),
    ...about.all("experts:draw:requested").map((one) => `${one.v("draw")}.salt`),
    ...about.all("bidding:share:given").map((one) => `${one.v("lot")}/${one.v("receipt")}.share`),
  ]);
  for (const name of sorted(about.kept.keys())) found.unless(may.has(name), "unnamed", { name: PRIVATE + name });
}

export const CHECKS: readonly Check[] = [{ number: 40, rule: nothingElse }];
