/** How a declared method makes prices and points into a ranking (docs/checks.md, "Points").
 *
 * Enters: method, admitted prices, the members' sheets. Leaves: base price, points, places, candidates. Nothing is rounded
 * but where the rule names it: the base to fen, deviations, points of price, points of sheets, each to two places.
 */
import { refuse } from "../seal/refused.ts";
import { equal, sorted } from "./equal.ts";
import { Ratio, ZERO, compareDecimals, least, mean, most, ranked, sum } from "./exact.ts";
import type { Criterion, Method, PriceRule } from "./method.ts";

export interface Offer {
  readonly code: string;
  readonly number: bigint;
  readonly price: string;
  readonly invalid: string;
}
export interface Vote {
  readonly member: string;
  readonly bid: string;
  readonly item: string;
  readonly passed: boolean;
  readonly reason: string;
}
/** Points as written: by bid, then by criterion. */
export type Points = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface Line {
  readonly bid: string;
  readonly place: bigint;
  readonly deviation: string | null;
  readonly price_points: string | null;
  readonly technical: string | null;
  readonly total: string | null;
}
export interface Outcome {
  readonly base: string | null;
  readonly lines: readonly Line[];
  readonly candidates: readonly string[];
  readonly isTied: boolean;
}

const HUNDRED = Ratio.of(100n);

/** Whether a member may write `points` for a criterion. */
export function allows(criterion: Criterion, points: string): boolean {
  const is = (other: string): boolean => compareDecimals(points, other) === 0;
  if (criterion.kind === "fixed") return is("0") || is(criterion.full);
  if (criterion.kind === "step") return criterion.steps.some(is);
  return compareDecimals(criterion.low, points) <= 0 && compareDecimals(points, criterion.full) <= 0;
}

/** The items of the objective criteria on which the members differ, as `bid/criterion`, in the order of the bids. */
export function disputed(criteria: readonly Criterion[], sheets: readonly Points[]): string[] {
  const bids = sorted(new Set(sheets.flatMap((sheet) => [...sheet.keys()])));
  const differ = (bid: string, code: string): boolean => new Set(sheets.map((sheet) => sheet.get(bid)?.get(code))).size > 1;
  return bids.flatMap((bid) => criteria.filter((one) => one.objective && differ(bid, one.code)).map((one) => `${bid}/${one.code}`));
}

function basePrice(rule: PriceRule, prices: readonly Ratio[]): Ratio {
  const rising = ranked(prices);
  if (rule.rule === "second_lowest") return rising[Math.min(1, rising.length - 1)] as Ratio;
  if (rule.rule === "two_step_mean") {
    const first = mean(prices);
    return first.plus(mean(prices.filter((price) => price.against(first) <= 0))).over(Ratio.of(2n));
  }
  const drops = rule.dropFrom > 0 && rising.length >= rule.dropFrom;
  const kept = drops ? rising.slice(rule.dropLow, rising.length - rule.dropHigh) : rising;
  return mean(kept).times(Ratio.read(rule.factor));
}

interface Priced {
  readonly deviation: string;
  readonly points: string;
}

function priceTable(rule: PriceRule, offers: readonly Offer[]): { base: string; of: (offer: Offer) => Priced } {
  if (offers.length === 0) refuse("evaluation.no_prices");
  const prices = offers.map((offer) => Ratio.read(offer.price));
  if (prices.some((price) => price.against(ZERO) <= 0)) refuse("evaluation.price_not_positive");
  const isRatio = rule.rule === "low_ratio";
  const base = (isRatio ? (ranked(prices)[0] as Ratio) : basePrice(rule, prices)).rounded(2);
  const of = (offer: Offer): Priced => {
    const [price, full, to] = [Ratio.read(offer.price), Ratio.read(rule.full), Ratio.read(base)];
    const deviation = price.minus(to).over(to).times(HUNDRED).rounded(2);
    if (isRatio) return { deviation, points: least(to.over(price).times(full), full).rounded(2) };
    const off = Ratio.read(deviation);
    const slope = Ratio.read(off.against(ZERO) > 0 ? rule.above : rule.below);
    return { deviation, points: most(full.minus(slope.times(off.size)), Ratio.read(rule.floor)).rounded(2) };
  };
  return { base, of };
}

/** The points of a bid beside the price: the mean of the members' totals, without the extremes from so many members on. */
function technicalPoints(method: Method, bid: string, sheets: readonly Points[]): string {
  const totals = ranked(sheets.map((sheet) => sum(method.scoring.map((one) => Ratio.read(sheet.get(bid)?.get(one.code) as string)))));
  const isTrimmed = method.trimFrom > 0 && totals.length >= method.trimFrom;
  return mean(isTrimmed ? totals.slice(1, -1) : totals).rounded(2);
}

interface Placed {
  readonly line: Omit<Line, "place">;
  readonly place: number;
  readonly isTied: boolean;
}

/** Rank the admitted offers; `decided` is the order in which the panel put tied bids. */
export function outcomeOf(method: Method, offers: readonly Offer[], sheets: readonly Points[], decided: readonly string[]): Outcome {
  let rows: Array<{ line: Omit<Line, "place">; key: readonly string[] }>;
  let base: string | null = null;
  if (method.price === null) {
    rows = offers.map((offer) => ({ line: { bid: offer.code, deviation: null, price_points: null, technical: null, total: null }, key: [offer.price] }));
  } else {
    if (sheets.length === 0) refuse("evaluation.no_sheets");
    if (disputed(method.scoring, sheets).length > 0) refuse("evaluation.objective_not_uniform");
    const table = priceTable(method.price, offers);
    base = table.base;
    rows = offers.map((offer) => {
      const { deviation, points } = table.of(offer);
      const technical = technicalPoints(method, offer.code, sheets);
      const total = Ratio.read(points).plus(Ratio.read(technical)).rounded(2);
      return { line: { bid: offer.code, deviation, price_points: points, technical, total }, key: [`-${total}`, offer.price, `-${technical}`] };
    });
  }
  const lines = untied(placed(rows), decided);
  const candidates = lines.filter((one) => one.place <= method.candidates);
  return {
    base, candidates: candidates.map((one) => one.line.bid), isTied: candidates.some((one) => one.isTied),
    lines: lines.map(({ line, place }) => ({ ...line, place: BigInt(place) })),
  };
}

/** By rising keys; the code orders the list among equals, the place is shared. */
function placed(rows: ReadonlyArray<{ line: Omit<Line, "place">; key: readonly string[] }>): Placed[] {
  const byKey = (left: readonly string[], right: readonly string[]): number =>
    left.map((one, at) => compareDecimals(one, right[at] as string)).find((gap) => gap !== 0) ?? 0;
  const byCode = sorted(rows, (row) => row.line.bid).sort((left, right) => byKey(left.key, right.key));
  return byCode.map(({ line, key }) => ({
    line,
    place: byCode.findIndex((other) => byKey(other.key, key) === 0) + 1,
    isTied: byCode.filter((other) => byKey(other.key, key) === 0).length > 1,
  }));
}

/** The ranking after the panel put tied bids in order; each tied group must be named whole. */
function untied(rows: readonly Placed[], decided: readonly string[]): Placed[] {
  const tied = new Set(rows.filter((one) => one.isTied).map((one) => one.line.bid));
  if (new Set(decided).size < decided.length || decided.some((bid) => !tied.has(bid))) throw new RangeError("only tied bids are put in order");
  const places = [...new Set(rows.map((one) => one.place))];
  return places.flatMap((place) => {
    const group = rows.filter((one) => one.place === place);
    const named = group.filter((one) => decided.includes(one.line.bid));
    if (named.length === 0) return group;
    if (named.length < group.length) throw new RangeError("a tie is decided whole");
    const inOrder = [...group].sort((left, right) => decided.indexOf(left.line.bid) - decided.indexOf(right.line.bid));
    return inOrder.map((one, at) => ({ ...one, place: place + at, isTied: false }));
  });
}

export interface Rejection {
  readonly bid: string;
  readonly item: string;
  readonly clause: string;
  readonly against: bigint;
  readonly in_favour: bigint;
  readonly reasons: readonly string[];
}

/** What rejects a bid: arithmetic whatever the vote, then every item that more than half of the members reject. */
export function rejectionsOf(method: Method, offer: Offer, members: readonly string[], votes: readonly Vote[]): Rejection[] {
  const rule: Rejection[] = offer.invalid === "" ? [] : [
    { bid: offer.code, item: "invalid", clause: "Bidding Regulation, article 51 (5)", against: BigInt(members.length), in_favour: 0n, reasons: [offer.invalid] },
  ];
  const voted = method.admission.flatMap((item) => {
    const cast = votes.filter((vote) => vote.bid === offer.code && vote.item === item.code);
    const against = sorted(cast.filter((vote) => !vote.passed), (vote) => vote.member);
    if (2 * against.length <= cast.length) return [];
    const [no, yes] = [BigInt(against.length), BigInt(cast.length - against.length)];
    return [{ bid: offer.code, item: item.code, clause: item.clause, against: no, in_favour: yes, reasons: against.map((vote) => vote.reason) }];
  });
  return [...rule, ...voted];
}

/** Whether both have the same points for the same bids and criteria; if not, where they differ, as `bid/criterion`. */
export function changed(before: Points, after: Points): string[] {
  return [...before].flatMap(([bid, row]) => [...row].filter(([code, points]) => !equal(after.get(bid)?.get(code), points)).map(([code]) => `${bid}/${code}`));
}
