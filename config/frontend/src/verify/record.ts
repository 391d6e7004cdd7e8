/** Check 22: the opening record says what the log says, under two signatures. */
import { utf8 } from "../seal/bytes.ts";
import { capitals } from "../seal/capitals.ts";
import { bodies } from "./belonging.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import { CLOSED, SEALED } from "./envelopes.ts";
import { equal, sameBag, sorted } from "./equal.ts";
import { type Check, type Found, eachLot } from "./findings.ts";
import { deadlineOf, lineOf, noticeOf } from "./notice.ts";
import { DECIDED, HALL, READ, RELEASED, RESTS, readoutOf } from "./opening.ts";
import { type Fields, type Value, writeRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";

const SIGNED = "bidding:record:signed";
export const ENDED = "bidding:lot:opened";
const CONFIRMED = "bidding:record:confirmed";
const SILENT = "bidding:silence:accepted";
const CONFIRMATION = 900_000_000n; // a quarter of an hour
const RECORD = "sunlight.openingrecord/1";
const PARTS: Readonly<Record<string, string>> = { host: "agent", witness: "centre" };

async function record(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  const [signed, ended] = [about.all(SIGNED, { lot }), about.all(ENDED, { lot })];
  const last = (ended.length > 0 ? ended : signed).at(-1);
  if (last === undefined) return;
  const made = about.record(RECORD, last.v("record"), "the opening record");
  for (const one of signed) await signature(about, trust, one, made, found);
  if (ended.length > 0) end(about, lot, made, found);
  head(about, lot, made, found);
  bids(about, lot, made, found);
  silence(about, lot, made, signed, found);
}

async function signature(about: Case, trust: Trust, entry: Happened, made: Fields, found: Found): Promise<void> {
  const part = entry.v("part") as string;
  const data = writeRecord(RECORD, made);
  const signer = await trust.signer(data, about.object(entry.v("signature"), "a signature of the opening record"), entry.at);
  const office = bodies(about).get(PARTS[part] ?? "");
  if (office === undefined) throw new RangeError(`no part ${part}`);
  const said = [entry.v("record"), entry.v("certificate"), office.credit_code];
  found.unless(equal(said, [digestOf(data), signer.fingerprint, signer.creditCode]), "record_signer", { part });
}

function end(about: Case, lot: string, made: Fields, found: Found): void {
  const entry = about.one(ENDED, { lot });
  found.unless(entry.v("at") === entry.at && entry.v("round") === about.one(HALL, { lot }).v("round"), "record_count");
  const parts = about.all(SIGNED, { lot }).filter((one) => one.index < entry.index).map((one) => one.v("part"));
  found.unless(sameBag(parts, Object.keys(PARTS)), "record_unsigned");
  const opened = (made["bids"] as Fields[]).filter((bid) => bid["state"] === "opened").length;
  found.unless(equal([entry.v("opened"), entry.v("unopened")], [opened, (made["bids"] as Fields[]).length - opened]), "record_count");
}

function head(about: Case, lot: string, made: Fields, found: Found): void {
  const [notice, line, read] = [noticeOf(about), lineOf(about, lot), about.one(READ, { lot })];
  const [hall, closing] = [about.one(HALL, { lot }), about.one(CLOSED, { lot })];
  const so: Fields = {
    tender: about.tender, lot, title: line["title"], round: read.v("round"), purchaser: notice["purchaser"].name,
    agent: notice["agent"].name, centre: notice["centre"].name, regulator: notice["regulator"].name,
    planned: deadlineOf(about, lot), opened_at: hall.at, read_at: read.at, host: hall.by, bond: line["bond"],
    ceiling: line["ceiling"], closing: digestOf(closing.leaf), readout: read.v("table"),
  };
  found.unless(Object.entries(so).every(([name, value]) => equal(made[name], value)), "record_head");
  const came = about.all(RELEASED, { lot }).map((one) => [one.v("leaf"), (one.v("leaf") as string).charAt(0), one.at]);
  found.unless(sameBag((made["custodians"] as Fields[]).map((one) => [one["leaf"], one["body"], one["at"]]), came), "record_custodians");
}

function bids(about: Case, lot: string, made: Fields, found: Found): void {
  const readout = readoutOf(about, lot);
  const read = new Map((readout["bids"] as Fields[]).map((one) => [one["number"] as bigint, one]));
  const named = new Map([...(readout["bids"] as Fields[]), ...(readout["failed"] as Fields[])].map((one) => [one["number"] as bigint, [one["code"], one["name"], one["credit_code"]]]));
  const lines = made["bids"] as Fields[];
  found.unless(equal(lines.map((bid) => bid["number"]), sorted(named.keys())), "record_bids");
  for (const bid of lines) {
    const number = bid["number"] as bigint;
    const isNamed = equal([bid["code"], bid["name"], bid["credit_code"]], named.get(number));
    found.unless(isNamed && isSame(about, lot, bid, read.get(number)), "record_bid", { number });
  }
}

/** Who said nothing is named once, before the signatures and not before the time for confirmations was over. */
function silence(about: Case, lot: string, made: Fields, signed: readonly Happened[], found: Found): void {
  const [read, said] = [about.one(READ, { lot }), about.all(SILENT, { lot })];
  const isSilent = (made["bids"] as Fields[]).some((bid) => bid["confirmation"] === "silent");
  found.unless(said.length < 2 && (said.length > 0 || !isSilent), "silence");
  for (const one of said) {
    const rests = RESTS.flatMap((tag) => about.all(tag, { lot })).filter((rest) => rest.index > read.index && rest.index < one.index);
    const later = sorted(rests, (rest) => rest.index).map((rest) => rest.v("windows").confirmations as bigint | null);
    const until = later.filter((at) => at !== null).at(-1) ?? read.at + CONFIRMATION;
    const spoke = about.all(CONFIRMED, { lot }).filter((two) => two.index < one.index).map((two) => two.v("number"));
    const numbers = (readoutOf(about, lot)["bids"] as Fields[]).map((bid) => bid["number"]).filter((number) => !spoke.includes(number));
    const isFirst = signed.every((two) => two.index > one.index);
    found.unless(equal([one.v("until"), one.v("numbers")], [until, sorted(numbers)]) && one.at >= until && isFirst, "silence");
  }
}

/** Whether a line of the record is what receipt, decision, read-out, confirmations and objections say. */
function isSame(about: Case, lot: string, bid: Fields, read: Fields | undefined): boolean {
  const { number, receipt } = bid as { number: bigint; receipt: string };
  const [sealed, decided] = [about.one(SEALED, { lot, number: receipt }), about.one(DECIDED, { lot, number })];
  const confirmed = about.first(CONFIRMED, { lot, number });
  // A bidder who showed that the envelope opens after all has moved the failure to the other side.
  const side = about.has("bidding:testimony:rebutted", { lot, number }) ? "other" : decided.v("side");
  const so: Fields = {
    received: sealed.v("stamp"), digest: sealed.v("digest"), signed_in: about.has("bidding:hall:joined", { lot, receipt }),
    receipt: decided.v("receipt"), state: decided.v("state"), reason: decided.v("reason"), side, decided_at: decided.at,
    price: read?.["price"], days: read?.["days"] ?? 0n, invalid: read?.["invalid"] ?? "", cover: read?.["cover"] ?? [],
    words: read === undefined ? "" : capitals(read["price"]), items: read === undefined ? [] : bid["items"],
    confirmation: read === undefined ? "" : confirmed ? "confirmed" : "silent", confirmed_at: confirmed?.at,
  };
  return Object.entries(so).every(([name, value]) => equal(bid[name], value)) && saysWhatWasSaid(about, lot, bid);
}

/** Whether the objections in the record are those of the log, with their answers. */
function saysWhatWasSaid(about: Case, lot: string, bid: Fields): boolean {
  const so = about.all("bidding:objection:raised", { lot, number: bid["number"] }).map((one) => {
    const answer = about.last("bidding:objection:answered", { lot, objection: one.v("objection") });
    return [one.at, one.v("text"), answer?.at, answer?.v("text") ?? digestOf(utf8(""))];
  });
  const digest = (text: Value): Value => digestOf(utf8(text));
  const said = (bid["objections"] as Fields[]).map((one) => [one["at"], digest(one["text"]), one["answered_at"], digest(one["answer"])]);
  return equal(said, so);
}

export const CHECKS: readonly Check[] = [{ number: 22, rule: eachLot(record), since: [SIGNED, ENDED] }];
