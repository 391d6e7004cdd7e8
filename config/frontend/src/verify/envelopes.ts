/** Checks 15 to 17: every receipt was honoured, and too few bids opened nothing. */
import type { Bytes } from "../seal/bytes.ts";
import { Malformed } from "../seal/canon.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import { brought } from "./custody.ts";
import { equal, repeated, sameBag, sorted } from "./equal.ts";
import { type Check, type Found, eachLot, missing } from "./findings.ts";
import { LEAST_BIDDERS } from "./law.ts";
import { checkProcedure, deadlineOf, lineOf } from "./notice.ts";
import { readRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";

export const SEALED = "bidding:envelope:sealed";
export const CLOSED = "bidding:lot:closed";
export const FAILED = "bidding:lot:failed";
const WITHDRAWN = "bidding:envelope:withdrawn";
const REFUSED = ["bidding:envelope:refused", "bidding:withdrawal:refused"];
const STALE = "bidding:envelopes:stale";
const DAY = 86_400_000_000n;
const CAUSES: Readonly<Record<string, string>> = { few_bids: FAILED, none_opened: "bidding:opening:failed", all_rejected: "evaluation:lot:failed" };
const OPENING = [
  "bidding:hall:opened", "bidding:share:released", "bidding:envelope:decided", "bidding:prices:read", "bidding:record:signed",
  "bidding:lot:opened",
];

export interface Counted {
  readonly number: string;
  readonly digest: Bytes;
  readonly header: Bytes;
}

/** Whether the veil over the bids of a lot should be off. */
export function isRevealed(about: Case, lot: string): boolean {
  return about.has("bidding:prices:read", { lot }) || about.has(FAILED, { lot });
}

/** Check 15. */
function stamps(about: Case, _trust: Trust, lot: string, found: Found): void {
  const deadline = deadlineOf(about, lot);
  for (const one of [...about.all(SEALED, { lot }), ...about.all(WITHDRAWN, { lot })]) {
    found.unless(one.v("stamp") < deadline, "late", { number: one.v("number") });
    found.unless(one.at >= one.v("stamp"), "receipt_early", { number: one.v("number") });
  }
  const refused = REFUSED.flatMap((tag) => about.all(tag, { lot }));
  for (const one of refused) {
    const isLate = one.v("stamp") >= deadlineOf(about, lot, one.index);
    if (one.v("codes").includes("bidding.late")) found.unless(isLate, "not_late", { number: one.v("number") });
  }
  const numbers = [...about.all(SEALED, { lot }), ...about.all(WITHDRAWN, { lot }), ...refused].map((one) => one.v("number"));
  const submissions = about.all(SEALED, { lot }).map((one) => one.v("submission"));
  for (const number of repeated([...numbers, ...submissions])) found.fault("number_twice", { number });
}

/** What a closing entry counts: in itself, or in the list that it names. */
export function countedIn(about: Case, closing: Happened): readonly Counted[] {
  const listed = closing.v("listed") as Bytes | null;
  if (listed === null) return closing.v("envelopes");
  const what = "the list of the counted bids";
  try {
    const count = readRecord("sunlight.count/1", about.object(listed, what));
    const isIts = count["lot"] === closing.v("lot") && count["round"] === closing.v("round") && closing.v("envelopes").length === 0;
    return isIts ? count["envelopes"] : missing(what);
  } catch (error) {
    if (error instanceof Malformed) return missing(what);
    throw error;
  }
}

const three = (one: Counted): unknown[] => [one.number, one.digest, one.header];

/** Check 16. Until the veil is off, the closing entry stands alone and only its own count can be asked. */
function counted(about: Case, _trust: Trust, lot: string, found: Found): void {
  const closings = about.all(CLOSED, { lot });
  for (const closing of closings) {
    const named = countedIn(about, closing).map(three);
    const isOrdered = equal(named, sorted(named)) && repeated(named).length === 0;
    found.unless(closing.v("count") === BigInt(named.length) && isOrdered, "count");
    const live = sorted(liveIn(about, lot), (one) => one.v("number")).map((one) => [one.v("number"), one.v("digest"), one.v("header")]);
    found.unless(!isRevealed(about, lot) || equal(named, live), "closing");
    const called = about.all("trading:lot:closing", { lot }).some((one) => one.index < closing.index);
    found.unless(called, "closing_early");
  }
  stale(about, lot, found);
  found.unless(closings.length < 2, "closed_twice");
  chain(about, lot, found);
}

/** The envelopes that no receipt replaces or withdraws and no new sheet made stale. */
function liveIn(about: Case, lot: string): Happened[] {
  const gone = new Set([
    ...about.all(SEALED, { lot }).map((one) => one.v("replaces")),
    ...about.all(WITHDRAWN, { lot }).map((one) => one.v("withdraws")),
    ...about.all(STALE, { lot }).flatMap((one) => one.v("numbers")),
  ]);
  return about.all(SEALED, { lot }).filter((one) => !gone.has(one.v("number")));
}

/** Every new sheet made stale exactly what was live when it came, and nothing else was made stale. */
function stale(about: Case, lot: string, found: Found): void {
  if (!isRevealed(about, lot)) return;
  const told = about.all(STALE, { lot });
  const came = brought(about, lot).slice(1).map((one) => [one.at, digestOf(one.v("sheet"))]);
  found.unless(sameBag(came, told.map((one) => [one.at, one.v("sheet")])), "stale");
  for (const one of told) {
    const numbers = one.v("numbers") as string[];
    // What bears the very instant of the new sheet may have come before it or after it.
    const surely = liveAt(about, lot, one.at, (at) => at < one.at, (at) => at <= one.at);
    const perhaps = liveAt(about, lot, one.at, (at) => at <= one.at, (at) => at < one.at);
    const isSo = [...surely].every((number) => numbers.includes(number)) && numbers.every((number) => perhaps.has(number));
    found.unless(isSo && equal(numbers, sorted(new Set(numbers))), "stale_other");
  }
}

type IsBefore = (at: bigint) => boolean;

/** The receipts that were live at an instant, `came` and `went` saying what counts as before it. */
function liveAt(about: Case, lot: string, at: bigint, came: IsBefore, went: IsBefore): Set<string> {
  const sealed = about.all(SEALED, { lot }).filter((one) => came(one.at));
  const gone = new Set([
    ...sealed.map((one) => one.v("replaces")),
    ...about.all(WITHDRAWN, { lot }).filter((one) => went(one.at)).map((one) => one.v("withdraws")),
    ...about.all(STALE, { lot }).filter((one) => one.at < at).flatMap((one) => one.v("numbers")),
  ]);
  return new Set(sealed.map((one) => one.v("number") as string).filter((number) => !gone.has(number)));
}

/** Every step names an earlier envelope that was live until then, and no two steps name the same. */
function chain(about: Case, lot: string, found: Found): void {
  const sealed = new Map(about.all(SEALED, { lot }).map((one) => [one.v("number"), one]));
  const replaced = [...sealed.values()].filter((one) => one.v("replaces") !== null).map((one) => [one, one.v("replaces")] as const);
  const steps = [...replaced, ...about.all(WITHDRAWN, { lot }).map((one) => [one, one.v("withdraws")] as const)];
  for (const number of repeated(steps.map(([, number]) => number))) found.fault("replaced_twice", { number });
  for (const [step, number] of steps) {
    const earlier = sealed.get(number);
    found.unless(earlier !== undefined && earlier.v("stamp") <= step.v("stamp"), "replaces", { number: step.v("number") });
  }
}

/** Check 17. */
function minimum(about: Case, _trust: Trust, lot: string, found: Found): void {
  noticed(about, lot, found);
  const [closing, failed] = [about.last(CLOSED, { lot }), about.all(FAILED, { lot })];
  const opened = OPENING.flatMap((tag) => about.all(tag, { lot }));
  checkProcedure(about);
  if (closing === undefined) return found.unless(failed.length + opened.length === 0, "uncounted_opened");
  const count = closing.v("count") as bigint;
  const isFew = count < BigInt(LEAST_BIDDERS);
  for (const one of failed) found.unless(isFew && one.v("count") === count && one.v("least") === BigInt(LEAST_BIDDERS), "failed");
  found.unless(!isFew || opened.length === 0, "few_opened");
  const newest = about.open.reduce((at, one) => (one.at > at ? one.at : at), 0n);
  found.unless(!isFew || failed.length > 0 || newest <= closing.at + DAY, "not_failed");
  for (const one of opened) found.unless(one.index > closing.index, "opened_early", { index: one.index });
}

/** The notice of a failure says what the entry says that it rests on. */
function noticed(about: Case, lot: string, found: Found): void {
  for (const entry of about.all("trading:failure:noticed", { lot })) {
    const record = about.record("sunlight.failure/1", entry.v("digest"), "the notice of the failure");
    const cause = about.one(CAUSES[entry.v("cause")] ?? "", { lot });
    const said = ["lot", "title", "cause", "bids", "least", "noticed", "entry"].map((name) => record[name]);
    const so = [lot, lineOf(about, lot)["title"], entry.v("cause"), cause.values["count"], cause.values["least"], entry.at, BigInt(cause.index)];
    found.unless(equal(said, so) && entry.index > cause.index, "failure_notice");
  }
}

export const CHECKS: readonly Check[] = [
  { number: 15, rule: eachLot(stamps), since: [SEALED, WITHDRAWN, ...REFUSED] },
  { number: 16, rule: eachLot(counted), since: [CLOSED] },
  { number: 17, rule: eachLot(minimum), since: [CLOSED] },
];
