/** Checks 23 and 24: who chose the panel. Nobody did: three committed seeds and a frozen pool. */
import { hex } from "../seal/bytes.ts";
import { drawsOf } from "./belonging.ts";
import type { Case, Happened } from "./case.ts";
import { type Drawing, ROLES, type Seat, exclusions, finalSeed, poolRoot, recompute, requestDigest, seatsOf, successor } from "./drawing.ts";
import { equal, repeated, sorted } from "./equal.ts";
import { type Check, type Found, eachLot, missing } from "./findings.ts";
import type { Fields, Value } from "./shapes.ts";
import type { Trust } from "./trust.ts";

const REQUESTED = "experts:draw:requested";
const COMMITTED = "experts:seed:committed";
const FROZEN = "experts:pool:frozen";
const REVEALED = "experts:seed:revealed";
const DRAWN = "experts:draw:drawn";
const VOIDED = "experts:draw:voided";
export const COMPLETED = "experts:panel:completed";
const STEPS = [
  "experts:invitation:made", "experts:invitation:answered", "experts:invitation:lapsed", "experts:seat:vacated", COMPLETED,
];
const EXHAUSTED = "experts:pool:exhausted";
const SHOWN = 1500; // so many codes of the order stand in one entry

/** The pool of a draw is everybody's once its panel is complete, or the draw is void. */
function isOver(about: Case, draw: string): boolean {
  return !about.isPublic || about.has(COMPLETED, { draw }) || about.has(VOIDED, { draw });
}

/** Check 23. */
function draws(about: Case, _trust: Trust, lot: string, found: Found): void {
  const codes = drawsOf(about, lot);
  const ended = about.first("bidding:lot:opened", { lot });
  found.unless(codes.filter((draw) => !about.has(VOIDED, { draw })).length < 2, "draws");
  for (const draw of codes) {
    const asked = about.one(REQUESTED, { draw });
    found.unless(ended !== undefined && asked.index > ended.index, "draw_early");
    one(about, draw, asked, found);
    if (!isOver(about, draw)) found.not("panel");
  }
}

function requestOf(about: Case, asked: Happened): Drawing["request"] {
  return about.record("sunlight.draw.request/1", asked.v("digest"), "the request of a draw") as unknown as Drawing["request"];
}

function poolIn(about: Case, frozen: Happened): Drawing["pool"] {
  return about.record("sunlight.draw.pool/1", frozen.v("root"), "the pool of a draw") as unknown as Drawing["pool"];
}

function one(about: Case, draw: string, asked: Happened, found: Found): void {
  const request = requestOf(about, asked);
  found.unless(hex(request.id) === draw && asked.v("seats") === BigInt(seatsOf(request)), "draw_request");
  inOrder(about, draw, asked, found);
  if (!isOver(about, draw)) return;
  for (const frozen of about.all(FROZEN, { draw })) {
    const pool = poolIn(about, frozen);
    const fit = pool.lines.length - exclusions({ request, pool }).size;
    found.unless(equal([frozen.v("size"), frozen.v("candidates")], [pool.lines.length, fit]), "pool");
  }
  for (const drawn of about.all(DRAWN, { draw })) {
    const made = drawingOf(about, draw);
    const so = [poolRoot(made), requestDigest(made), finalSeed(made), recompute(made).order.slice(0, SHOWN)];
    found.unless(equal(["root", "digest", "seed", "order"].map((name) => drawn.v(name)), so), "drawn");
  }
  for (const done of about.all(COMPLETED, { draw })) published(about, draw, done, found);
}

/** Request, three commitments, pool, three seeds, order: by their places in the log. */
function inOrder(about: Case, draw: string, asked: Happened, found: Found): void {
  const [committed, frozen, revealed, drawn] = [COMMITTED, FROZEN, REVEALED, DRAWN].map((tag) => about.all(tag, { draw })) as [Happened[], Happened[], Happened[], Happened[]];
  const isTwice = [committed, revealed].some((steps) => repeated(steps.map((step) => step.v("body"))).length > 0);
  found.unless(!isTwice, "seed_twice");
  const places = [asked, ...committed, ...frozen, ...revealed, ...drawn].map((step) => step.index);
  found.unless(equal(places, sorted(places)) && frozen.length < 2 && drawn.length < 2, "draw_order");
  const isPassed = (frozen.length > 0 && committed.length < ROLES.length) || (drawn.length > 0 && revealed.length < ROLES.length);
  found.unless(!isPassed, "draw_steps");
}

/** What decides the draw, out of the log alone. */
function drawingOf(about: Case, draw: string): Drawing {
  return about.once(`drawing ${draw}`, () => ({
    request: requestOf(about, about.one(REQUESTED, { draw })),
    commitments: ROLES.map((body) => about.one(COMMITTED, { draw, body }).v("commitment")),
    pool: poolIn(about, about.one(FROZEN, { draw })),
    seeds: ROLES.map((body) => about.one(REVEALED, { draw, body }).v("seed")),
  }));
}

/** The published drawing record, a JSON file, is that of the log, and claims what follows from it. */
function published(about: Case, draw: string, done: Happened, found: Found): void {
  const data = about.object(done.v("record"), "the drawing record");
  const file = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data)) as Value;
  const { evaluation_at: at, ...request } = file.record.request;
  const made = drawingOf(about, draw);
  const { evaluation_at: _own, ...rest } = inJson(made.request);
  const isRecord = file.format === "sunlight.drawing/1" && Object.keys(file).length === 3 && instantOf(at) === made.request.evaluation_at &&
    equal(request, rest) && equal({ ...file.record, request: null }, { ...inJson(made as unknown as Fields), request: null });
  const result = recompute(made);
  const so = {
    request_digest: hex(requestDigest(made)), pool_root: hex(poolRoot(made)), final_seed: hex(finalSeed(made)), order: result.order,
    seats: result.seats, reserves: result.reserves, excluded: Object.fromEntries(result.excluded),
  };
  found.unless(isRecord && equal(file.result, so), "drawing");
}

/** A value as the file spells it: bytes in hex. */
function inJson(value: Value): Value {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(inJson);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, below]) => [name, inJson(below)]));
}

/** Microseconds since 1970 of an instant in ISO 8601 with an offset. */
function instantOf(text: string): bigint {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{6}))?([+-]\d\d:\d\d)$/.exec(text);
  if (found === null) throw new RangeError("no instant");
  return BigInt(Date.parse(`${found[1]}${found[3]}`)) * 1000n + BigInt(found[2] ?? "0");
}

/** The invitations of a draw played again: who is here, who is gone, who must be asked next. */
class Replay {
  private readonly order: readonly string[];
  private readonly expected: Array<Seat | string>;
  private readonly here = new Map<string, Seat>();
  private readonly gone = new Set<string>();
  private numbers = new Map<number, string>();

  constructor(private readonly made: Drawing) {
    const result = recompute(made);
    this.order = result.order;
    this.expected = [...result.seats];
  }
  get isAwaited(): boolean {
    return this.expected.length > 0;
  }
  /** Whether an entry follows from what came before it. */
  step(happened: Happened): boolean {
    const { tag } = happened;
    if (tag === STEPS[0]) return this.invited(happened.v("candidate"));
    if (tag === EXHAUSTED) return this.expected.shift() === happened.v("speciality");
    if (tag === COMPLETED) return this.numbers.size === seatsOf(this.made.request) && equal(happened.v("seats"), this.seats());
    if (tag === STEPS[1] && happened.v("accepted")) return happened.by === happened.v("candidate") && this.accepted(happened.v("candidate"));
    return this.left(happened.v(tag === STEPS[3] ? "seat" : "candidate"));
  }
  private seats(): string[] {
    return [...this.numbers.keys()].sort((left, right) => left - right).map((number) => this.numbers.get(number) as string);
  }
  private invited(code: string): boolean {
    const turn = this.expected.shift();
    if (turn === undefined || typeof turn === "string" || turn.code !== code) return false;
    this.here.set(code, turn);
    return true;
  }
  /** The candidate takes the lowest free seat. */
  private accepted(code: string): boolean {
    const free = Array.from({ length: seatsOf(this.made.request) }, (_none, at) => at + 1).find((number) => !this.numbers.has(number));
    if (free === undefined || !this.here.has(code) || [...this.numbers.values()].includes(code)) return false;
    this.numbers.set(free, code);
    return true;
  }
  /** The candidate falls out, and the next of the same order must follow. */
  private left(code: string): boolean {
    const leaving = this.here.get(code);
    if (leaving === undefined) return false;
    const seats = [...this.here.values()];
    this.here.delete(code);
    this.gone.add(code);
    this.numbers = new Map([...this.numbers].filter(([, held]) => held !== code));
    this.expected.push(successor(this.made, this.order, seats, this.gone, leaving) ?? leaving.speciality);
    return true;
  }
}

/** Check 24. */
function panels(about: Case, _trust: Trust, lot: string, found: Found): void {
  for (const draw of drawsOf(about, lot)) {
    if (!isOver(about, draw)) found.not("panel");
    else if (about.has(DRAWN, { draw })) replayed(about, draw, found);
    else found.unless(!STEPS.some((tag) => about.has(tag, { draw })), "asked_early");
  }
}

function replayed(about: Case, draw: string, found: Found): void {
  const replay = new Replay(drawingOf(about, draw));
  for (const step of sorted([...STEPS, EXHAUSTED].flatMap((tag) => about.all(tag, { draw })), (happened) => happened.index)) {
    found.unless(replay.step(step), "panel", { index: step.index, tag: step.tag });
  }
  found.unless(!replay.isAwaited || about.has(VOIDED, { draw }), "not_asked");
  followed(about, draw, found);
}

/** Answers are the candidates' own; what follows from a step is of the same act, so of the same hand. */
function followed(about: Case, draw: string, found: Found): void {
  let hand = about.one(DRAWN, { draw }).by;
  for (const step of sorted([...STEPS, EXHAUSTED].flatMap((tag) => about.all(tag, { draw })), (happened) => happened.index)) {
    if (STEPS.slice(1, 4).includes(step.tag)) hand = step.by;
    const isOwn = step.tag !== STEPS[1] || step.by === step.v("candidate");
    found.unless(step.by === hand && isOwn, "actor", { index: step.index, tag: step.tag });
  }
}

/** Every panel of a lot that was complete, in the order of the draws. */
export function completed(about: Case, lot: string): Happened[] {
  return drawsOf(about, lot).flatMap((draw) => about.all(COMPLETED, { draw }));
}

/** The seats of the lot's complete panel, by number, as last completed. */
export function panelOf(about: Case, lot: string): readonly string[] {
  return completed(about, lot).at(-1)?.v("seats") ?? missing("a complete panel");
}

export const CHECKS: readonly Check[] = [
  { number: 23, rule: eachLot(draws), since: [REQUESTED] },
  { number: 24, rule: eachLot(panels), since: [DRAWN] },
];
