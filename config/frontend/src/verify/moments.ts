/** Check 42: the four moments at which a tender's evidence is put away (docs/bundle.md, "When one is made"). */
import { type Case, type Happened, LATEST, MOMENTS } from "./case.ts";
import { repeated } from "./equal.ts";
import type { Check, Found } from "./findings.ts";
import { TRAIL } from "./log.ts";
import type { Trust } from "./trust.ts";

const MADE = "supervision:archive:made";
const CLOSED = "bidding:lot:closed";
const OPENED = "bidding:lot:opened";
const UNOPENED = "bidding:opening:failed";
const AWARDED = "trading:award:noticed";
const SIGNED = "trading:contract:signed";
const FAILED = ["bidding:lot:failed", UNOPENED, "evaluation:lot:failed"];
const MONTH = 30n * 86_400_000_000n;

/** What every lot must have come to, and what at least one must have, lest all had failed before. */
const STEPS: Readonly<Record<string, { readonly every: readonly string[]; readonly one: readonly string[] }>> = {
  deadline: { every: [CLOSED], one: [CLOSED] },
  opening: { every: [...FAILED, OPENED], one: [OPENED, UNOPENED] },
  award: { every: [...FAILED, AWARDED], one: [AWARDED] },
  archive: { every: [...FAILED, SIGNED], one: [...FAILED, SIGNED] },
};

/** The first count by which the tender had come to the moment. */
function firstCount(about: Case, moment: string): Happened | undefined {
  const step = STEPS[moment];
  if (step === undefined) return undefined;
  const has = (tags: readonly string[], lot: string, upto: bigint): boolean =>
    tags.some((tag) => about.all(tag, { lot }).some((one) => BigInt(one.index) <= upto));
  return about.all(TRAIL).find((count) => {
    const upto = count.v("upto") as bigint;
    return about.lots.every((lot) => has(step.every, lot, upto)) && about.lots.some((lot) => has(step.one, lot, upto));
  });
}

function moments(about: Case, _trust: Trust, found: Found): void {
  const { moment } = about.head;
  if (moment !== LATEST) {
    const [ended, last] = [firstCount(about, moment), about.last(TRAIL)];
    found.unless(ended !== undefined && ended.index === last?.index, "moment");
  }
  const made = about.all(MADE);
  for (const twice of repeated(made.map((one) => one.v("moment")))) found.fault("archived_twice", { moment: twice });
  for (const one of made) {
    const ended = firstCount(about, one.v("moment"));
    const state = Number(one.v("state"));
    const isSo = ended !== undefined && one.v("trail") === BigInt(ended.index) && ended.index < state && state <= one.index;
    found.unless(isSo, "archived", { index: one.index });
    const named = made.filter((other) => other.index < one.index).map((other) => other.v("moment"));
    const before = MOMENTS.slice(0, Math.max(0, MOMENTS.indexOf(one.v("moment")))).filter((due) => firstCount(about, due));
    found.unless(!isSo || before.every((due) => named.includes(due)), "archived_before", { index: one.index });
  }
  const newest = about.open.reduce((at, one) => (one.at > at ? one.at : at), 0n);
  for (const due of MOMENTS) {
    const ended = firstCount(about, due);
    const isLate = ended !== undefined && newest > ended.at + MONTH;
    found.unless(!isLate || about.has(MADE, { moment: due }), "not_archived", { moment: due });
  }
}

export const CHECKS: readonly Check[] = [{ number: 42, rule: moments, since: [CLOSED] }];
