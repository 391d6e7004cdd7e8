/** Checks 25 to 30: the panel at work, what follows from its sheets, and the members' signatures. */
import { hex } from "../seal/bytes.ts";
import { Malformed, Reader, bytes } from "../seal/canon.ts";
import { refuse } from "../seal/refused.ts";
import { ENROLLED } from "./belonging.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import { completed, panelOf } from "./draw.ts";
import { equal, repeated, sameBag, sorted } from "./equal.ts";
import { type Check, type Found, Missing, eachLot, faultOf, missing } from "./findings.ts";
import { lineOf, methodOf } from "./notice.ts";
import { readoutOf } from "./opening.ts";
import { type Offer, type Outcome, type Points, type Rejection, type Vote, allows, changed, disputed, outcomeOf, rejectionsOf } from "./scoring.ts";
import { type Fields, type Value, readRecord, writeRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";

const ROOM = "evaluation:room:opened";
const ENTERED = "evaluation:seat:entered";
const VOTED = "evaluation:leader:voted";
const ELECTED = "evaluation:leader:elected";
const SHEET = "evaluation:sheet:signed";
const ADMITTED = "evaluation:admission:counted";
const RETURNED = "evaluation:sheets:returned";
const SCORED = "evaluation:scores:counted";
const TIED = "evaluation:tie:decided";
const MADE = "evaluation:report:made";
const SIGNED = "evaluation:report:signed";
export const EVALUATED = "evaluation:lot:evaluated";
const FAILED = "evaluation:lot:failed";
const REPORT = "sunlight.report/1";
const FORMS = { admission: "sunlight.admissionsheet/1", scores: "sunlight.scoresheet/1" } as const;
type Part = keyof typeof FORMS;

/** Check 25. */
function room(about: Case, _trust: Trust, lot: string, found: Found): void {
  if (!about.has(ROOM, { lot })) return;
  const entry = about.one(ROOM, { lot });
  const panels = completed(about, lot);
  const method = methodOf(about, lot);
  found.unless(equal(panels.filter((one) => one.index < entry.index).at(-1)?.v("seats"), entry.v("seats")), "room");
  found.unless(equal(entry.v("method"), method.digest), "room_method");
  found.unless(entry.v("seats").length === method.members, "members_count");
  const sat = new Set(panels.flatMap((one) => one.v("seats") as string[]));
  for (const tag of [ELECTED, ADMITTED, RETURNED, SCORED, TIED, MADE, EVALUATED, FAILED]) {
    for (const one of about.all(tag, { lot })) found.unless(sat.has(one.by), "actor", { index: one.index, tag });
  }
  for (const elected of about.all(ELECTED, { lot })) election(about, lot, elected, sat, found);
}

function election(about: Case, lot: string, elected: Happened, sat: ReadonlySet<string>, found: Found): void {
  const seats = panelOf(about, lot);
  const own = (tag: string): Happened[] => about.all(tag, { lot }).filter((one) => one.index < elected.index && one.by === one.v("seat"));
  const present = own(ENTERED).map((one) => one.v("seat") as string);
  const votes = own(VOTED).map((one) => [one.v("seat") as string, one.v("choice") as string] as const);
  const cast = new Map(votes);
  const isWhole = seats.every((seat) => present.includes(seat) && cast.has(seat)) && repeated(present).length === 0 && cast.size === votes.length;
  found.unless(isWhole, "absent");
  found.unless([...cast.values()].every((choice) => sat.has(choice)), "choice");
  const votesFor = (seat: string): number => [...cast].filter(([voter, choice]) => seats.includes(voter) && choice === seat).length;
  const [leader] = sorted(seats, (seat) => [-votesFor(seat), seats.indexOf(seat)]);
  found.unless(elected.v("leader") === leader, "leader");
}

interface Disclosed {
  readonly entry: Happened;
  readonly said: Happened;
  readonly record: Value;
  readonly sheet: Fields;
}

function signedSheets(about: Case, lot: string, part: Part, edition: bigint): Happened[] {
  return about.all(SHEET, { lot, part, edition });
}

/** The bytes of the sheet behind an entry. */
function disclosed(about: Case, entry: Happened): { said: Happened; record: Value } {
  const said = about.disclosed(entry, "record") ?? missing("a member's sheet");
  try {
    const reader = new Reader(said.v("value"));
    const record = bytes.read(reader);
    reader.end();
    return { said, record };
  } catch (error) {
    if (error instanceof Malformed) return missing("a member's sheet");
    throw error;
  }
}

function sheetsOf(about: Case, lot: string, part: Part, edition: bigint): Disclosed[] {
  return about.once(`${part} ${edition} of ${lot}`, () =>
    signedSheets(about, lot, part, edition).map((entry) => {
      const shown = disclosed(about, entry);
      return { entry, ...shown, sheet: readRecord(FORMS[part], shown.record) };
    }),
  );
}

function seatOrder(about: Case, lot: string, sheets: readonly Disclosed[]): Disclosed[] {
  const seats = panelOf(about, lot);
  if (sheets.some((one) => !seats.includes(one.sheet["seat"]))) throw new RangeError("a sheet of nobody in the panel");
  return sorted(sheets, (one) => seats.indexOf(one.sheet["seat"]));
}

/** Whether a sheet begins as one of this lot, seat and method must, with these columns and these bids. */
function checkForm(about: Case, lot: string, one: Disclosed, columns: Value, asked: readonly string[], bids: readonly string[]): void {
  const { sheet } = one;
  const frame = [sheet["lot"], sheet["round"], sheet["seat"], sheet["method"], columns, (sheet["lines"] as Fields[]).map((line) => line["bid"])];
  const so = [lot, about.one(ROOM, { lot }).v("round"), one.entry.v("seat"), methodOf(about, lot).digest, asked, bids];
  if (!equal(frame, so)) badForm(sheet);
}

function badForm(sheet: Fields): never {
  throw new Missing(faultOf("sheet_form", { seat: sheet["seat"] }));
}

/** The votes on a sheet, for every opened bid and item. */
function votesOn(about: Case, lot: string, one: Disclosed): Vote[] {
  const { sheet } = one;
  const items = methodOf(about, lot).admission.map((item) => item.code);
  checkForm(about, lot, one, sheet["items"], items, offersOf(about, lot).map((offer) => offer.code));
  const failings = sheet["failings"] as Fields[];
  const made = (sheet["lines"] as Fields[]).flatMap((line) => {
    const passed = line["passed"] as boolean[];
    if (passed.length !== items.length) badForm(sheet);
    return items.map((item, at) => {
      const why = failings.find((failing) => failing["bid"] === line["bid"] && failing["item"] === item);
      return { member: sheet["seat"] as string, bid: line["bid"] as string, item, passed: passed[at] as boolean, reason: (why?.["reason"] ?? "") as string };
    });
  });
  const against = made.filter((vote) => !vote.passed);
  if (!equal(failings, against.map(({ bid, item, reason }) => ({ bid, item, reason })))) badForm(sheet);
  const unreasoned = against.find((vote) => vote.reason.trim() === "");
  if (unreasoned) refuse("evaluation.reason_missing", { member: unreasoned.member, item: unreasoned.item, bid: unreasoned.bid });
  return made;
}

/** The points on a sheet, for every admitted bid and criterion. */
function pointsOn(about: Case, lot: string, one: Disclosed): Points {
  const { scoring } = methodOf(about, lot);
  const codes = scoring.map((criterion) => criterion.code);
  checkForm(about, lot, one, one.sheet["criteria"], codes, admittedTo(about, lot));
  const rows = (one.sheet["lines"] as Fields[]).map((line) => [line["bid"] as string, line["points"] as string[]] as const);
  if (rows.some(([, points]) => points.length !== codes.length)) badForm(one.sheet);
  for (const [bid, points] of rows) {
    const wrong = scoring.find((criterion, at) => !allows(criterion, points[at] as string));
    if (wrong) refuse("evaluation.score_out_of_range", { item: wrong.code, bid });
  }
  return new Map(rows.map(([bid, points]) => [bid, new Map(codes.map((code, at) => [code, points[at] as string]))]));
}

/** Check 26. */
function sheets(about: Case, _trust: Trust, lot: string, found: Found): void {
  for (const _counted of about.all(ADMITTED, { lot })) complete(about, lot, "admission", 1n, found);
  for (const counted of about.all(SCORED, { lot })) complete(about, lot, "scores", counted.v("edition"), found);
  if (about.has(ADMITTED, { lot })) for (const one of sheetsOf(about, lot, "admission", 1n)) votesOn(about, lot, one);
  for (const counted of about.all(SCORED, { lot })) for (let edition = 1n; edition <= counted.v("edition"); edition += 1n) pointsOf(about, lot, edition);
}

function complete(about: Case, lot: string, part: Part, editions: bigint, found: Found): void {
  const seats = panelOf(about, lot);
  const everything: Happened[] = [];
  for (let edition = 1n; edition <= editions; edition += 1n) {
    const signed = signedSheets(about, lot, part, edition);
    found.unless(sameBag(signed.map((one) => one.v("seat")), seats) && signed.every((one) => one.by === one.v("seat")), "sheets");
    everything.push(...signed);
  }
  found.unless(about.all(SHEET, { lot, part }).length === everything.length, "sheets_more");
  if (everything.length === 0) throw new RangeError("no sheets");
  const last = sorted(everything, (one) => one.index).at(-1) as Happened;
  for (const one of everything) {
    const { said } = disclosed(about, one);
    found.unless(said.index >= last.index, "shown_early");
    found.unless(said.by === last.by, "actor", { index: said.index, tag: said.tag });
  }
}

function offersOf(about: Case, lot: string): Offer[] {
  return (readoutOf(about, lot)["bids"] as Fields[]).map((bid) => bid as unknown as Offer);
}

/** Every rejection of an opened bid, by the bid's code. */
function rejections(about: Case, lot: string): ReadonlyMap<string, readonly Rejection[]> {
  return about.once(`rejections of ${lot}`, () => {
    const votes = seatOrder(about, lot, sheetsOf(about, lot, "admission", 1n)).flatMap((one) => votesOn(about, lot, one));
    const [method, seats] = [methodOf(about, lot), [...new Set(panelOf(about, lot))]]; // a seat twice: check 24 says so
    for (const item of method.admission) for (const offer of offersOf(about, lot)) {
      const members = votes.filter((vote) => vote.bid === offer.code && vote.item === item.code).map((vote) => vote.member);
      if (!sameBag(members, seats)) refuse("evaluation.vote_missing", { member: seats.find((seat) => !members.includes(seat)) ?? "", item: item.code, bid: offer.code });
    }
    return new Map(offersOf(about, lot).map((offer) => [offer.code, rejectionsOf(method, offer, seats, votes)]));
  });
}

/** The admitted bids, by number. */
function admittedTo(about: Case, lot: string): string[] {
  return [...rejections(about, lot)].filter(([, why]) => why.length === 0).map(([code]) => code);
}

/** Points by seat. */
function pointsOf(about: Case, lot: string, edition: bigint): ReadonlyMap<string, Points> {
  return about.once(`points ${edition} of ${lot}`, () =>
    new Map(sheetsOf(about, lot, "scores", edition).map((one) => [one.entry.v("seat") as string, pointsOn(about, lot, one)])),
  );
}

/** Check 27. */
function counts(about: Case, _trust: Trust, lot: string, found: Found): void {
  for (const entry of about.all(ADMITTED, { lot })) {
    const rejected = [...rejections(about, lot)].filter(([, why]) => why.length > 0).map(([code]) => code);
    found.unless(equal([entry.v("admitted"), entry.v("rejected")], [admittedTo(about, lot), rejected]), "admission");
  }
  for (const entry of about.all(SCORED, { lot })) {
    const edition = entry.v("edition") as bigint;
    const digests = seatOrder(about, lot, sheetsOf(about, lot, "scores", edition)).map((one) => digestOf(one.record));
    found.unless(equal(entry.v("sheets"), digests), "scores");
    for (let at = 1n; at < edition; at += 1n) returned(about, lot, at, found);
  }
}

/** Editions before the last were returned for the items on which they differ, and only those changed. */
function returned(about: Case, lot: string, edition: bigint, found: Found): void {
  const [before, after] = [pointsOf(about, lot, edition), pointsOf(about, lot, edition + 1n)];
  const items = disputed(methodOf(about, lot).scoring, [...before.values()]);
  const said = about.all(RETURNED, { lot, edition: edition + 1n }).map((one) => one.v("disputed"));
  const moved = [...before].flatMap(([seat, points]) => changed(points, after.get(seat) as Points));
  found.unless(items.length > 0 && equal(said, [items]) && moved.every((item) => items.includes(item)), "returned");
}

function outcome(about: Case, lot: string): Outcome {
  const [codes, scored, tie] = [admittedTo(about, lot), about.last(SCORED, { lot }), about.last(TIED, { lot })];
  if (codes.length === 0) return { base: null, lines: [], candidates: [], isTied: false };
  const points = scored ? [...pointsOf(about, lot, scored.v("edition")).values()] : [];
  const offers = offersOf(about, lot).filter((offer) => codes.includes(offer.code));
  return outcomeOf(methodOf(about, lot), offers, points, tie?.v("order") ?? []);
}

/** The report that stands. */
export function reportOf(about: Case, lot: string): Fields {
  return about.record(REPORT, about.one(MADE, { lot }).v("digest"), "the evaluation report");
}

/** The report as it follows from the log. */
function recomputed(about: Case, lot: string): Fields {
  const [entry, line, tie, scored] = [about.one(MADE, { lot }), lineOf(about, lot), about.last(TIED, { lot }), about.last(SCORED, { lot })];
  const { base, lines, candidates } = outcome(about, lot);
  const read = readoutOf(about, lot)["bids"] as Fields[];
  const names = ["code", "number", "name", "credit_code", "price", "days", "invalid"];
  const rows = [...sheetsOf(about, lot, "admission", 1n), ...(scored ? sheetsOf(about, lot, "scores", scored.v("edition")) : [])];
  const named = rows.map((one) => ({ seat: one.entry.v("seat"), part: one.entry.v("part"), digest: digestOf(one.record) }));
  return {
    lot, round: about.one(ROOM, { lot }).v("round"), title: line["title"], made: entry.at, method: methodOf(about, lot).text,
    ceiling: line["ceiling"], members: panelOf(about, lot), leader: about.one(ELECTED, { lot }).v("leader"),
    bids: sorted(read, (bid) => bid["number"]).map((bid) => Object.fromEntries(names.map((name) => [name, bid[name]]))),
    rejections: [...rejections(about, lot).values()].flat(), base, lines, decided: tie?.v("order") ?? [], decision: tie?.v("reason") ?? "",
    sheets: sorted(named, (sheet) => [sheet.part, sheet.seat]), candidates,
  };
}

/** Check 28. */
function reports(about: Case, _trust: Trust, lot: string, found: Found): void {
  if (!about.has(MADE, { lot })) return;
  const isPublic = !about.isPublic || about.has("trading:candidates:published", { lot }) || about.has(FAILED, { lot });
  if (!isPublic) return found.not("report");
  about.one(ADMITTED, { lot });
  const [made, said] = [recomputed(about, lot), reportOf(about, lot)];
  for (const [field, value] of Object.entries(said)) found.unless(equal(value, made[field]), "report", { field });
  found.unless(!outcome(about, lot).isTied, "tie");
}

/** Check 29. */
function signatures(about: Case, _trust: Trust, lot: string, found: Found): void {
  const given = about.all(SIGNED, { lot });
  const isIts = (one: Happened): boolean => equal(one.v("digest"), about.one(MADE, { lot }).v("digest"));
  for (const one of given) found.unless(isIts(one) && one.by === one.v("seat"), "report_other");
  for (const end of about.all(EVALUATED, { lot })) {
    const came = given.filter((one) => one.index < end.index).map((one) => one.v("seat"));
    found.unless(sameBag(came, panelOf(about, lot)) && isIts(end), "report_unsigned");
  }
  for (const end of about.all(FAILED, { lot })) found.unless(admittedTo(about, lot).length === 0 && isIts(end), "lot_failed");
}

/** Check 30. Members are secret until the result is settled (Bidding Law, article 37). */
async function members(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  if (!about.has(SHEET, { lot })) return;
  if (about.isPublic && !about.has("trading:award:noticed", { lot }) && !about.has(FAILED, { lot })) return found.not("members");
  const accounts = new Map(about.all(ENROLLED).map((one) => [hex(one.v("fingerprint")), one.v("account") as string]));
  const seats = new Map<string, Set<string>>();
  for (const [entry, data] of signedBytes(about, lot)) {
    const signer = await trust.signer(data, about.object(entry.v("signature"), "a member's signature"), entry.at);
    const people = seats.get(entry.v("seat")) ?? new Set<string>();
    seats.set(entry.v("seat"), people.add(accounts.get(hex(signer.fingerprint)) ?? ""));
  }
  const people = [...seats.values()].map((found) => (found.size === 1 ? [...found][0] : ""));
  found.unless(!people.includes("") && repeated(people).length === 0, "members");
  for (const end of about.all(EVALUATED, { lot })) for (const name of ["paper", "table"]) about.object(end.v(name), "a document of the report");
}

/** Every signing entry with the bytes that were signed; sheets that came to nothing are not disclosed. */
function signedBytes(about: Case, lot: string): Array<readonly [Happened, Value]> {
  const sheets = about.all(SHEET, { lot }).filter((one) => about.disclosed(one, "record")).map((one) => [one, disclosed(about, one).record] as const);
  const given = about.all(SIGNED, { lot });
  if (given.length === 0) return sheets;
  const data = writeRecord(REPORT, reportOf(about, lot));
  return [...sheets, ...given.filter((one) => equal(digestOf(data), one.v("digest"))).map((one) => [one, data] as const)];
}

export const CHECKS: readonly Check[] = [
  { number: 25, rule: eachLot(room), since: [ROOM] },
  { number: 26, rule: eachLot(sheets), since: [SHEET] },
  { number: 27, rule: eachLot(counts), since: [ADMITTED, SCORED] },
  { number: 28, rule: eachLot(reports), since: [MADE] },
  { number: 29, rule: eachLot(signatures), since: [SIGNED] },
  { number: 30, rule: eachLot(members), since: [SHEET, SIGNED] },
];
