/** The law for construction works, open tender: periods, papers, bond, committee (Bidding Law, Bidding Regulation).
 *
 * Enters: instants in microseconds, holidays. Leaves: the instants that the law makes of them. Days are those of China
 * (UTC+8 since 1991); a period's first day is not counted, a last day that is not worked gives way to the next that is,
 * and the end of a day is the first instant of the next.
 */
import type { Holidays } from "./holidays.ts";

export interface Term {
  readonly days: number;
  readonly article: string;
}

export interface Mark {
  readonly name: string;
  readonly at: bigint;
  readonly article: string;
}

const regulation = (number: string): string => `Bidding Regulation, article${number.includes("and") ? "s" : ""} ${number}`;
const law = (number: string): string => `Bidding Law, article ${number}`;

export const TERMS = {
  documents: { days: 5, article: regulation("16") },
  preparation: { days: 20, article: law("24") },
  clarification: { days: 15, article: regulation("21") },
  objection_to_papers: { days: 10, article: regulation("22") },
  answer: { days: 3, article: regulation("22 and 54") },
  publicity: { days: 3, article: regulation("54") },
  contract: { days: 30, article: law("46") },
  bond_refund: { days: 5, article: regulation("57") },
} as const satisfies Record<string, Term>;

/** The papers without which there is no notice. */
export const PAPERS = [
  { code: "tender_document", name: "Tender document", article: regulation("15") },
  { code: "review_record", name: "Record of the fair competition review", article: "Fair Competition Review Regulation, article 9" },
] as const;
export const BOND = { ratio: "0.02", cap: "800000.00", article: regulation("26") } as const;
export const LEAST_BIDDERS = 3;
export const METHODS: readonly string[] = ["comprehensive", "lowest_price"];
export const PROCEDURE = "construction";

const DAY = 86_400_000_000n;
const EAST = 28_800_000_000n;

/** The day of an instant in China, counted from 1 January 1970. */
export function dayOf(at: bigint): number {
  return Number((at + EAST) / DAY);
}
/** 00:00 of a day. */
export function startOf(day: number): bigint {
  return BigInt(day) * DAY - EAST;
}

function lastDay(from: bigint, term: Term, holidays: Holidays): number {
  return holidays.workedFrom(dayOf(from) + term.days);
}
/** When the period is over: what comes before this instant is in time. */
export function until(from: bigint, term: Term, holidays: Holidays): bigint {
  return startOf(lastDay(from, term, holidays) + 1);
}
/** The first instant that lies not less than the period after `from`, on a worked day. */
export function earliest(from: bigint, term: Term, holidays: Holidays): bigint {
  return startOf(lastDay(from, term, holidays));
}
/** The end of the day that is so many days before. */
export function before(deadline: bigint, term: Term): bigint {
  return startOf(dayOf(deadline) - term.days + 1);
}
export function isAtLeast(from: bigint, to: bigint, term: Term): boolean {
  return dayOf(to) - dayOf(from) >= term.days;
}

/** The instants that a notice must give, in order of time. */
export function timetable(noticed: bigint, deadline: bigint, holidays: Holidays): Mark[] {
  const marks: Mark[] = [
    { name: "noticed", at: noticed, article: "" },
    { name: "documents_at_least_until", at: until(noticed, TERMS.documents, holidays), article: TERMS.documents.article },
    { name: "clarification_until", at: before(deadline, TERMS.clarification), article: TERMS.clarification.article },
    { name: "objection_to_papers_until", at: before(deadline, TERMS.objection_to_papers), article: TERMS.objection_to_papers.article },
    { name: "deadline", at: deadline, article: TERMS.preparation.article },
    { name: "opening", at: deadline, article: law("34") },
  ];
  return marks.map((mark, place) => ({ mark, place })).sort((left, right) => (left.mark.at < right.mark.at ? -1 : left.mark.at > right.mark.at ? 1 : left.place - right.place)).map(({ mark }) => mark);
}

/** An instant as the clocks in China show it, to the minute. */
export function shown(at: bigint): string {
  return new Date(Number((at + EAST) / 1000n)).toISOString().slice(0, 16).replace("T", " ");
}

const MINUTE = 60_000_000n;
const SECOND = 1_000_000n;

export interface OutageRule {
  readonly near: bigint;
  readonly long: bigint;
  readonly closing: bigint;
  readonly opening: bigint;
  readonly long_closing: bigint;
  readonly long_opening: bigint;
}

/** Where an outage from `begin` to `end` moves a deadline, by a rule in minutes; null when it does not concern it, or the
 * rule gives less time for a longer outage or opens before it closes. */
export function moved(deadline: bigint, begin: bigint, end: bigint, rule: OutageRule): { closing: bigint; opening: bigint } | null {
  const grows = rule.closing > 0n && rule.closing <= rule.long_closing && rule.opening >= rule.closing && rule.long_opening >= rule.long_closing;
  if (!grows || end < begin || deadline < begin || deadline > end + rule.near * MINUTE) return null;
  const isLong = end - begin > rule.long * MINUTE;
  const from = deadline > end ? deadline : end;
  const whole = (at: bigint): bigint => ((at + SECOND - 1n) / SECOND) * SECOND;
  return {
    closing: whole(from + (isLong ? rule.long_closing : rule.closing) * MINUTE),
    opening: whole(from + (isLong ? rule.long_opening : rule.opening) * MINUTE),
  };
}
