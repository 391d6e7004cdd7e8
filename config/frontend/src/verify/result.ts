/** Checks 31 to 35: candidates, publicity, award, contract, guarantees. */
import { ENROLLED, REGISTERED, bodies } from "./belonging.ts";
import type { Case, Happened } from "./case.ts";
import { equal, sameBag } from "./equal.ts";
import { Ratio, compareDecimals } from "./exact.ts";
import { type Check, type Found, eachLot, missing } from "./findings.ts";
import { EVALUATED, reportOf } from "./judging.ts";
import { TERMS, until } from "./law.ts";
import { checkProcedure, lineOf } from "./notice.ts";
import { READ, readoutOf } from "./opening.ts";
import { ENDED } from "./record.ts";
import { type Fields, writeRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";

const PUBLISHED = "trading:candidates:published";
const OVER = "trading:publicity:ended";
const AWARDED = "trading:award:noticed";
const OBJECTED = "trading:objection:made";
const ANSWERED = "trading:objection:answered";
const DRAWN = "trading:contract:drawn";
const ENDORSED = "trading:contract:endorsed";
const CONTRACTED = "trading:contract:signed";
const CONTRACT = "sunlight.contract/1";

function noticeOfCandidates(about: Case, entry: Happened): Fields {
  return about.record("sunlight.candidates/1", entry.v("digest"), "the notice of the candidates");
}

function bidIn(report: Fields, code: string): Fields {
  const found = (report["bids"] as Fields[]).find((bid) => bid["code"] === code);
  if (found === undefined) throw new RangeError(`no bid ${code}`);
  return found;
}

/** Check 31. */
function candidates(about: Case, _trust: Trust, lot: string, found: Found): void {
  for (const entry of about.all(PUBLISHED, { lot })) {
    const [record, report, evaluated] = [noticeOfCandidates(about, entry), reportOf(about, lot), about.one(EVALUATED, { lot })];
    const digest = evaluated.v("digest");
    const said = [...["lot", "title", "begun", "until", "report", "bidders"].map((name) => record[name]), entry.v("report")];
    const so = [lot, lineOf(about, lot)["title"], entry.at, entry.v("until"), digest, (report["bids"] as Fields[]).length, digest];
    found.unless(equal(said, so) && entry.index > evaluated.index, "candidates");
    const lines = record["candidates"] as Fields[];
    const names = ["rank", "name", "credit_code", "price", "score", "days"];
    const plain = lines.map((line) => names.map((name) => line[name]));
    found.unless(equal(plain, (report["candidates"] as string[]).map((code, at) => lineFor(report, code, at + 1))), "candidate");
    stated(about, lot, report, lines, found);
  }
}

function lineFor(report: Fields, code: string, rank: number): unknown[] {
  const bid = bidIn(report, code);
  const total = (report["lines"] as Fields[]).find((line) => line["bid"] === code)?.["total"] as string | null | undefined;
  if (total === undefined) throw new RangeError(`no line ${code}`);
  return [rank, bid["name"], bid["credit_code"], bid["price"], total === null ? null : Ratio.read(total).rounded(4), bid["days"]];
}

/** Quality and manager are those of the opening record. */
function stated(about: Case, lot: string, report: Fields, lines: readonly Fields[], found: Found): void {
  const opened = about.record("sunlight.openingrecord/1", about.one(ENDED, { lot }).v("record"), "the opening record");
  const codes = report["candidates"] as string[];
  if (codes.length !== lines.length) throw new RangeError("other candidates");
  for (const [at, code] of codes.entries()) {
    const bid = (opened["bids"] as Fields[]).filter((one) => one["code"] === code).at(-1);
    const item = (name: string, longest: number): string => {
      const value = ((bid?.["items"] ?? []) as Fields[]).filter((one) => one["name"] === name).at(-1)?.["value"] ?? "";
      return Array.from(value as string).slice(0, longest).join("");
    };
    found.unless(equal([lines[at]?.["quality"], lines[at]?.["manager"]], [item("quality", 200), item("manager", 100)]), "candidate");
  }
}

/** Check 32. */
function publicity(about: Case, trust: Trust, lot: string, found: Found): void {
  const published = about.all(PUBLISHED, { lot });
  if (published.length > 0 || about.has(OBJECTED, { lot })) checkProcedure(about);
  for (const entry of published) {
    const record = noticeOfCandidates(about, entry);
    const end = until(record["begun"], TERMS.publicity, trust.holidays);
    found.unless(record["until"] >= end && record["article"] === TERMS.publicity.article, "publicity");
  }
  const [last, overs] = [published.at(-1), about.all(OVER, { lot })];
  const disputes = about.all(OBJECTED, { lot, about: "result" });
  for (const entry of overs) {
    const made = disputes.filter((one) => one.index < entry.index).length;
    const isSo = last !== undefined && entry.v("until") === last.v("until") && entry.at >= last.v("until") && entry.v("objections") === BigInt(made);
    found.unless(isSo, "publicity_end");
  }
  objections(about, trust, lot, found);
  for (const award of about.all(AWARDED, { lot })) {
    found.unless(overs.some((one) => one.index < award.index), "publicity_open");
    for (const one of disputes.filter((objection) => objection.index < award.index)) {
      const answers = about.all(ANSWERED, { lot, objection: one.v("objection") });
      found.unless(answers.some((answer) => answer.index < award.index), "unanswered");
    }
  }
}

/** Every objection has the time for its answer that the law gives; every answer is to one that was made. */
function objections(about: Case, trust: Trust, lot: string, found: Found): void {
  const made = new Map(about.all(OBJECTED, { lot }).map((one) => [one.v("objection"), one]));
  for (const one of made.values()) found.unless(one.v("answer_until") === until(one.at, TERMS.answer, trust.holidays), "answer_until");
  for (const answer of about.all(ANSWERED, { lot })) {
    found.unless(made.get(answer.v("objection"))?.v("about") === answer.v("about"), "answer");
  }
}

/** Check 33. */
function award(about: Case, trust: Trust, lot: string, found: Found): void {
  for (const entry of about.all(AWARDED, { lot })) {
    const report = reportOf(about, lot);
    const [code] = report["candidates"] as string[];
    if (code === undefined) missing("a candidate in the report");
    const [published, first] = [about.last(PUBLISHED, { lot }), bidIn(report, code)];
    found.unless(published !== undefined && entry.at >= published.v("until") && entry.index > published.index, "award_early");
    const party = (readoutOf(about, lot)["bids"] as Fields[]).find((bid) => bid["code"] === code)?.["party"];
    found.unless(equal(["bid", "winner", "amount"].map((name) => entry.v(name)), [code, party, first["price"]]), "award");
    awardNotice(about, trust, entry, first, found);
    about.object(entry.v("paper"), "the award notice as a document");
  }
}

function awardNotice(about: Case, trust: Trust, entry: Happened, first: Fields, found: Found): void {
  checkProcedure(about);
  const lot = entry.v("lot") as string;
  const record = about.record("sunlight.award/1", entry.v("digest"), "the award notice");
  const end = until(entry.at, TERMS.contract, trust.holidays);
  const so: Fields = {
    lot, title: lineOf(about, lot)["title"], number: entry.v("number"), purchaser: bodies(about).get("purchaser"),
    winner: { credit_code: first["credit_code"], name: first["name"] }, amount: first["price"], days: first["days"],
    awarded: entry.at, contract_until: end, article: TERMS.contract.article,
  };
  found.unless(equal(record, so) && entry.v("contract_until") === end, "award_notice");
}

/** Check 34. */
async function contract(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  for (const entry of about.all(DRAWN, { lot })) {
    const noticed = about.last(AWARDED, { lot }) ?? missing("the award behind the contract");
    const record = about.record(CONTRACT, entry.v("digest"), "the contract");
    contractRecord(about, entry, noticed, record, found);
    const signatures = about.all(ENDORSED, { lot, number: entry.v("number") });
    for (const one of signatures) await endorsed(about, trust, one, record, found);
    found.unless(signatures.length < 2 || about.has(CONTRACTED, { lot }), "contract_open");
  }
  for (const done of about.all(CONTRACTED, { lot })) {
    const number = done.v("number");
    const [drawn, noticed] = [about.one(DRAWN, { lot, number }), about.last(AWARDED, { lot })];
    const sides = about.all(ENDORSED, { lot, number }).filter((one) => one.index < done.index).map((one) => one.v("party"));
    const said = ["digest", "amount", "winner"].map((name) => done.v(name));
    found.unless(noticed !== undefined && equal(said, [drawn.v("digest"), noticed.v("amount"), noticed.v("winner")]), "contract");
    found.unless(sides.length === 2 && sides[0] !== sides[1] && sides.includes(done.v("winner")), "contract_unsigned");
  }
}

function contractRecord(about: Case, entry: Happened, noticed: Happened, record: Fields, found: Found): void {
  const given = about.record("sunlight.award/1", noticed.v("digest"), "the award notice");
  const names = ["lot", "title", "purchaser", "winner", "amount", "days"];
  const isSame = names.every((name) => equal(record[name], given[name]));
  const said = [record["number"], record["award"], record["drawn"]];
  found.unless(isSame && equal(said, [entry.v("number"), noticed.v("digest"), entry.at]), "contract");
  found.unless(record["drawn"] < given["contract_until"] || record["late"] !== "", "contract_late");
  if (record["text"] !== null && !about.isPublic) about.object(record["text"], "the text of the contract");
}

async function endorsed(about: Case, trust: Trust, entry: Happened, record: Fields, found: Found): Promise<void> {
  const signature = about.object(entry.v("signature"), "a contract signature");
  const { creditCode, fingerprint } = await trust.signer(writeRecord(CONTRACT, record), signature, entry.at);
  const isSide = [record["purchaser"], record["winner"]].some((body) => body.credit_code === creditCode);
  const isParty = about.has(REGISTERED, { party: entry.v("party"), credit_code: creditCode });
  found.unless(isSide && isParty && about.has(ENROLLED, { fingerprint, account: entry.by }), "contract_signer");
}

const RECOGNISED = "guarantees:guarantee:recognised";
const RELEASED = "guarantees:guarantee:released";
const ENDS = [CONTRACTED, "bidding:lot:failed", "bidding:opening:failed", "evaluation:lot:failed"];

/** Check 35. */
function guarantees(about: Case, trust: Trust, lot: string, found: Found): void {
  if (!about.has(READ, { lot })) return;
  const bond = lineOf(about, lot)["bond"] as string;
  const isAsked = compareDecimals(bond, "0") !== 0;
  const good = (readoutOf(about, lot)["bids"] as Fields[]).filter((bid) => isAsked && bid["cover"].length === 0).map((bid) => bid["party"]);
  const held = about.all(RECOGNISED, { lot });
  const isEnough = held.every((one) => compareDecimals(one.v("amount"), bond) >= 0);
  found.unless(sameBag(held.map((one) => one.v("party")), good) && isEnough, "guarantees");
  for (const one of held) ended(about, trust, one, found);
}

function ended(about: Case, trust: Trust, held: Happened, found: Found): void {
  const [guarantee, lot] = [held.v("guarantee"), held.v("lot") as string];
  const [released, claimed, paid] = [RELEASED, "guarantees:claim:filed", "guarantees:claim:paid"].map((tag) => about.all(tag, { guarantee })) as [Happened[], Happened[], Happened[]];
  found.unless(released.length + claimed.length < 2 && paid.length <= claimed.length, "released_more");
  found.unless(paid.every((one, at) => claimed[at] === undefined || one.v("amount") === claimed[at].v("amount")), "paid");
  const isDeposit = held.v("kind") === "deposit";
  for (const one of released) {
    const interest = compareDecimals(one.v("interest"), "0");
    const isBack = compareDecimals(one.v("amount"), isDeposit ? held.v("amount") : "0") === 0;
    found.unless(isBack && (isDeposit ? interest >= 0 : interest === 0), "released_amount");
    const causes = about.all(one.v("because"), { lot }).filter((cause) => cause.index < one.index);
    const isLoser = one.v("because") === AWARDED && causes.some((cause) => cause.v("winner") !== held.v("party"));
    found.unless(isLoser || (ENDS.includes(one.v("because")) && causes.length > 0), "released");
  }
  const contracted = about.last(CONTRACTED, { lot });
  if (released.length + claimed.length > 0 || contracted === undefined) return;
  checkProcedure(about);
  const newest = about.open.reduce((at, one) => (one.at > at ? one.at : at), 0n);
  found.unless(newest < until(contracted.at, TERMS.bond_refund, trust.holidays), "not_released");
}

export const CHECKS: readonly Check[] = [
  { number: 31, rule: eachLot(candidates), since: [PUBLISHED] },
  { number: 32, rule: eachLot(publicity), since: [PUBLISHED, OBJECTED] },
  { number: 33, rule: eachLot(award), since: [AWARDED] },
  { number: 34, rule: eachLot(contract), since: [DRAWN] },
  { number: 35, rule: eachLot(guarantees), since: [READ] },
];
