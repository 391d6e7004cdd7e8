/** How three seeds and a frozen pool make one order of experts (docs/checks.md, "The draw").
 *
 * Enters: request, pool, commitments, seeds, as the log holds them. Leaves: the order, the seats, the reserves, for
 * everybody left out the words why, and who follows one who falls out. Refused where they fit no lawful draw.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, join, utf8 } from "../seal/bytes.ts";
import { refuse } from "../seal/refused.ts";
import { digestOf } from "./case.ts";
import { equal, repeated, sorted } from "./equal.ts";
import { type Fields, writeRecord } from "./shapes.ts";

export const ROLES = ["agent", "supervisor", "centre"] as const;

export interface Line {
  readonly code: string;
  readonly specialities: readonly string[];
  readonly employer: Bytes;
  readonly ties: readonly Bytes[];
  readonly unfit: readonly string[];
}
export interface Drawing {
  readonly request: { readonly id: Bytes; readonly lot: string; readonly needs: ReadonlyArray<{ speciality: string; count: bigint }>; readonly evaluation_at: bigint };
  readonly commitments: readonly Bytes[];
  readonly pool: { readonly request: Bytes; readonly lines: readonly Line[]; readonly avoided: readonly Bytes[] };
  readonly seeds: readonly Bytes[];
}
export interface Seat {
  readonly code: string;
  readonly speciality: string;
}
export interface Result {
  readonly order: readonly string[];
  readonly seats: readonly Seat[];
  readonly reserves: readonly string[];
  readonly excluded: ReadonlyMap<string, readonly string[]>;
}

export function seatsOf(request: Drawing["request"]): number {
  return Number(request.needs.reduce((sum, need) => sum + need.count, 0n));
}

export function requestDigest(draw: Drawing): Bytes {
  return digestOf(writeRecord("sunlight.draw.request/1", draw.request as unknown as Fields));
}
export function poolRoot(draw: Drawing): Bytes {
  return digestOf(writeRecord("sunlight.draw.pool/1", draw.pool as unknown as Fields));
}
export function finalSeed(draw: Drawing): Bytes {
  return digestOf(join(utf8("sunlight.draw/1\0"), poolRoot(draw), requestDigest(draw), ...draw.seeds));
}

/** Every line that is no candidate, with all the words why. */
export function exclusions(draw: Pick<Drawing, "request" | "pool">): Map<string, readonly string[]> {
  const wanted = new Set(draw.request.needs.map((need) => need.speciality));
  const avoided = new Set(draw.pool.avoided.map((one) => hex(one)));
  const found = new Map<string, readonly string[]>();
  for (const { code, unfit, employer, ties, specialities } of draw.pool.lines) {
    const tied = [employer, ...ties].some((one) => avoided.has(hex(one))) ? ["avoided"] : [];
    const other = specialities.some((one) => wanted.has(one)) ? [] : ["no_speciality"];
    const words = [...unfit, ...tied, ...other];
    if (words.length > 0) found.set(code, words);
  }
  return found;
}

/** Refused unless request, pool, commitments and seeds fit one another. */
function check({ request, pool, commitments, seeds }: Drawing): void {
  if (commitments.length !== ROLES.length || seeds.length !== ROLES.length) refuse("experts.seeds_incomplete");
  const names = request.needs.map((need) => need.speciality);
  const isWhole = request.id.length === 16 && names.length > 0 && repeated(names).length === 0 && request.needs.every((need) => need.count > 0n);
  if (!isWhole) refuse("experts.request_malformed");
  if (!equal(pool.request, request.id)) refuse("experts.pool_of_another");
  const codes = pool.lines.map((line) => line.code);
  const twice = repeated(codes)[0];
  if (twice !== undefined) refuse("experts.pool_twice", { code: twice });
  const ties = [...pool.avoided, ...pool.lines.flatMap((line) => [line.employer, ...line.ties])];
  if (ties.some((one) => one.length !== 32)) refuse("experts.tie_malformed");
  if (!equal(codes, sorted(codes)) || !equal(pool.avoided, sorted(pool.avoided)) || repeated(pool.avoided).length > 0) refuse("experts.pool_not_sorted");
  for (const [at, role] of ROLES.entries()) {
    const seed = seeds[at] as Bytes;
    if (seed.length !== 32) refuse("experts.seed_length");
    const made = digestOf(join(utf8("sunlight.seed/1\0"), request.id, utf8(role), seed));
    if (!equal(made, commitments[at])) refuse("experts.seed_not_committed", { role });
  }
}

export function recompute(draw: Drawing): Result {
  check(draw);
  const [excluded, seed] = [exclusions(draw), finalSeed(draw)];
  const candidates = draw.pool.lines.filter((line) => !excluded.has(line.code));
  const keyed = candidates.map((line) => [hex(hmac(sha256, seed, utf8(line.code))), line.code, line] as const);
  const lines = sorted(keyed, ([key, code]) => [key, code]).map(([, , line]) => line);
  const seats = seated(draw, lines);
  return { order: lines.map((line) => line.code), seats, reserves: standingBy(draw, lines, seats), excluded };
}

/** In the order of the draw: the first open need that one's specialities meet, one from each employer. */
function seated(draw: Drawing, lines: readonly Line[]): Seat[] {
  const open = new Map(draw.request.needs.map((need) => [need.speciality, need.count]));
  const [seats, employers] = [[] as Seat[], new Set<string>()];
  for (const line of lines) {
    const [speciality] = [...open].find(([name, left]) => left > 0n && line.specialities.includes(name)) ?? [];
    if (speciality === undefined || employers.has(hex(line.employer))) continue;
    seats.push({ code: line.code, speciality });
    employers.add(hex(line.employer));
    open.set(speciality, (open.get(speciality) as bigint) - 1n);
  }
  const [lacking] = [...open].filter(([, left]) => left > 0n);
  if (lacking !== undefined) refuse("experts.pool_too_small", { speciality: lacking[0], left: String(lacking[1]) });
  return seats;
}

/** Half as many as there are seats, rounded up: the next of other employers, whatever their speciality. */
function standingBy(draw: Drawing, lines: readonly Line[], seats: readonly Seat[]): string[] {
  const most = Math.ceil(seatsOf(draw.request) / 2);
  const taken = lines.filter((line) => seats.some((seat) => seat.code === line.code));
  const employers = new Set(taken.map((line) => hex(line.employer)));
  const reserves: string[] = [];
  for (const line of lines) {
    if (reserves.length >= most || taken.includes(line) || employers.has(hex(line.employer))) continue;
    reserves.push(line.code);
    employers.add(hex(line.employer));
  }
  return reserves;
}

/** Who follows one who falls out of `seats`: the first of the order who is not seated or gone, has the speciality and
 * shares no employer with those who stay; null when nobody is left. */
export function successor(draw: Drawing, order: readonly string[], seats: readonly Seat[], gone: ReadonlySet<string>, leaving: Seat): Seat | null {
  const lines = new Map(draw.pool.lines.map((line) => [line.code, line]));
  const staying = seats.filter((seat) => !equal(seat, leaving)).map((seat) => seat.code);
  const employers = new Set(staying.map((code) => hex((lines.get(code) as Line).employer)));
  const next = order.find((code) => {
    const line = lines.get(code) as Line;
    const isFree = !staying.includes(code) && !gone.has(code) && code !== leaving.code;
    return isFree && line.specialities.includes(leaving.speciality) && !employers.has(hex(line.employer));
  });
  return next === undefined ? null : { code: next, speciality: leaving.speciality };
}
