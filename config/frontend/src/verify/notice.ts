/** Checks 12 to 14: what was published, whether the law allows it, what changed it. And what others ask of the notice. */
import { type Bytes } from "../seal/bytes.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import { equal } from "./equal.ts";
import { Ratio, compareDecimals, least } from "./exact.ts";
import { type Check, type Found, eachLot, missing } from "./findings.ts";
import { BOND, METHODS, PAPERS, PROCEDURE, TERMS, dayOf, earliest, isAtLeast, moved, shown, timetable, until } from "./law.ts";
import { type Method, readMethod } from "./method.ts";
import type { Fields, Value } from "./shapes.ts";
import type { Trust } from "./trust.ts";

const PUBLISHED = "trading:notice:published";
export const NOTICED = "trading:lot:noticed";
const ISSUED = "trading:addendum:issued";
const MOVED = "trading:deadline:moved";
const EXTENDED = "trading:deadline:extended";
const SECOND = 1_000_000n;

export function noticeOf(about: Case): Fields {
  return about.record("sunlight.notice/1", about.one(PUBLISHED).v("digest"), "the notice");
}

/** A lot as noticed. */
export function lineOf(about: Case, lot: string): Fields {
  const lines = noticeOf(about)["lots"] as readonly Fields[];
  return lines.find((line) => line["code"] === lot) ?? missing("the lot in the notice");
}

export function methodOf(about: Case, lot: string): Method {
  return about.once(`method of ${lot}`, () => readMethod(lineOf(about, lot)["method"]));
}

/** `missing` unless this is a kind of trade that this program knows. */
export function checkProcedure(about: Case): void {
  if (noticeOf(about)["procedure"] !== PROCEDURE) missing("rules for this kind of trade");
}

/** The deadline in force for the bids of a lot: in the end, or before the entry with the index `before`. */
export function deadlineOf(about: Case, lot: string, before = Number.POSITIVE_INFINITY): bigint {
  const steps = [...about.all(MOVED, { lot }), ...about.all(EXTENDED, { lot })].filter((one) => one.index < before);
  const last = steps.sort((left, right) => left.index - right.index).at(-1);
  return last?.v("new") ?? about.one(NOTICED, { lot }).v("deadline");
}

/** Check 12. */
function notice(about: Case, _trust: Trust, found: Found): void {
  const [entry, record] = [about.one(PUBLISHED), noticeOf(about)];
  const names = ["tender", "published", "deadline", "timetable"];
  const isSaid = names.every((name) => equal(entry.v(name), record[name])) && entry.at === record["published"];
  found.unless(isSaid, "notice");
  const codes = (record["lots"] as Fields[]).map((line) => line["code"]);
  found.unless(record["tender"] === about.tender && equal(codes, about.lots), "notice_lots");
  about.one("trading:tender:drafted", { tender: about.tender });
  for (const lot of about.lots) {
    about.one("trading:lot:drafted", { lot });
    const noticed = about.one(NOTICED, { lot });
    const said = [noticed.v("notice"), noticed.v("deadline"), noticed.at];
    found.unless(equal(said, [entry.v("digest"), record["deadline"], entry.at]), "lot_noticed", { lot });
  }
  const dropped = about.all("trading:paper:dropped").filter((one) => one.index < entry.index).map((one) => one.v("paper"));
  const laid = about.all("trading:paper:added").filter((one) => one.index < entry.index && !dropped.includes(one.v("paper")));
  const lines = laid.map((one) => [one.v("kind"), one.v("digest"), one.v("size")]);
  found.unless(equal(lines, (record["papers"] as Fields[]).map((one) => [one["kind"], one["digest"], one["size"]])), "papers");
  checkPapers(about, record["papers"], found);
}

/** Every paper is there, with the length that was published. */
function checkPapers(about: Case, papers: readonly Fields[], found: Found): void {
  for (const { digest, size, name } of papers) {
    const data = about.object(digest as Bytes, "a tender paper");
    found.unless(BigInt(data.length) === size, "paper_size", { name });
  }
}

/** Check 13. */
function lawful(about: Case, trust: Trust, found: Found): void {
  checkProcedure(about);
  const record = noticeOf(about);
  const [noticed, deadline] = [record["published"] as bigint, record["deadline"] as bigint];
  const kinds = (record["papers"] as Fields[]).map((one) => one["kind"]);
  for (const paper of PAPERS) {
    if (!kinds.includes(paper.code)) found.add({ code: "trading.paper_missing", facts: { paper: paper.name, article: paper.article } });
  }
  if (deadline % SECOND !== 0n) found.add({ code: "trading.deadline_not_whole_second", facts: {} });
  if (!trust.holidays.isWorked(dayOf(deadline))) found.add({ code: "trading.deadline_on_holiday", facts: {} });
  const first = earliest(noticed, TERMS.preparation, trust.holidays);
  if (deadline < first) found.add({ code: "trading.deadline_too_early", facts: { earliest: shown(first), article: TERMS.preparation.article } });
  const papers = until(noticed, TERMS.documents, trust.holidays);
  if (deadline < papers) found.add({ code: "trading.documents_too_short", facts: { earliest: shown(papers), article: TERMS.documents.article } });
  found.unless(equal(record["timetable"], timetable(noticed, deadline, trust.holidays)), "timetable");
  for (const line of record["lots"] as Fields[]) lawfulLot(line, found);
}

function lawfulLot(line: Fields, found: Found): void {
  const { code: lot, bond, ceiling } = line as { code: string; bond: string; ceiling: string | null };
  found.unless(METHODS.includes(readMethod(line["method"]).kind), "method", { lot });
  if (ceiling === null) return found.unless(compareDecimals(bond, "0") === 0, "bond", { lot });
  if (compareDecimals(bond, "0") < 0) found.add({ code: "trading.bond_negative", facts: {} });
  const share = Ratio.read(ceiling).times(Ratio.read(BOND.ratio)).cut(2);
  const highest = least(Ratio.read(share), Ratio.read(BOND.cap));
  if (Ratio.read(bond).against(highest) > 0) found.add({ code: "trading.bond_too_large", facts: { highest: highest.rounded(2), article: BOND.article } });
}

/** Check 14, what concerns the tender; then the lots. */
async function addenda(about: Case, trust: Trust, found: Found): Promise<void> {
  let deadline = noticeOf(about)["deadline"] as bigint;
  const issued = about.all(ISSUED, { tender: about.tender });
  found.unless(equal(issued.map((one) => one.v("number")), issued.map((_one, at) => at + 1)), "addenda");
  for (const one of issued) {
    const extended = about.all(EXTENDED).filter((step) => step.index < one.index).map((step) => step.v("new") as bigint);
    addendum(about, one, [deadline, ...extended].reduce((left, right) => (left > right ? left : right)), found);
    deadline = one.v("deadline");
  }
  answers(about, found);
  for (const one of about.all(MOVED)) {
    found.unless(issued.some((issue) => issue.at === one.at && issue.v("deadline") === one.v("new")), "deadline_moved");
  }
  await eachLot(extensions)(about, trust, found);
  await eachLot(closings)(about, trust, found);
}

function addendum(about: Case, entry: Happened, before: bigint, found: Found): void {
  const record = about.record("sunlight.addendum/1", entry.v("digest"), "an addendum");
  const names = ["tender", "number", "material", "deadline"];
  found.unless(names.every((name) => equal(entry.v(name), record[name])) && entry.at === record["issued"], "addendum");
  const [issued, deadline] = [record["issued"] as bigint, record["deadline"] as bigint];
  found.unless(deadline >= before && issued < before, "addendum_late");
  if (record["material"]) {
    checkProcedure(about);
    const { days, article } = TERMS.clarification;
    if (!isAtLeast(issued, deadline, TERMS.clarification)) found.add({ code: "trading.addendum_late", facts: { days: String(days), article } });
  }
  checkPapers(about, record["papers"], found);
}

/** Answers are numbered one after the other, each to a question that was asked, once its veil is off. */
function answers(about: Case, found: Found): void {
  const given = about.all("trading:question:answered");
  found.unless(equal(given.map((one) => one.v("number")), given.map((_one, at) => at + 1)), "answers");
  for (const one of given) {
    const data = about.object(one.v("digest"), "a published answer");
    const question = data.slice(0, data.includes(0) ? data.indexOf(0) : data.length);
    const lot = one.v("lot") as Value;
    const isOff = about.has("bidding:prices:read", { lot }) || about.has("bidding:lot:failed", { lot });
    const asked = about.last("trading:question:asked", { question: one.v("question") });
    if (isOff) found.unless(asked !== undefined && equal(asked.v("text"), digestOf(question)), "question");
  }
}

/** Every extension after an outage is what the formula makes of it, before the lot was closed, and was noticed. */
function extensions(about: Case, _trust: Trust, lot: string, found: Found): void {
  const closing = about.first("trading:lot:closing", { lot });
  for (const one of about.all(EXTENDED, { lot })) {
    const record = about.record("sunlight.extension/1", one.v("digest"), "the notice of an extension");
    const names = ["lot", "begin", "end", "old", "new", "opening"];
    found.unless(names.every((name) => equal(record[name], one.v(name))), "extension_notice");
    const to = moved(one.v("old"), one.v("begin"), one.v("end"), one.v("rule"));
    const isSo = to !== null && one.v("old") === deadlineOf(about, lot, one.index) && one.v("new") === to.closing &&
      one.v("opening") >= to.opening && one.at >= one.v("end");
    found.unless(isSo && !(closing && closing.index < one.index), "extension");
  }
}

function closings(about: Case, _trust: Trust, lot: string, found: Found): void {
  const deadline = deadlineOf(about, lot);
  for (const one of [...about.all("trading:lot:closing", { lot }), ...about.all("bidding:lot:closed", { lot })]) {
    found.unless(one.v("deadline") === deadline && one.at >= deadline, "closed_early");
  }
}

export const CHECKS: readonly Check[] = [
  { number: 12, rule: notice },
  { number: 13, rule: lawful },
  { number: 14, rule: addenda },
];
