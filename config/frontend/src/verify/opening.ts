/** Checks 18 to 21: the hall, the custodians' shares, what became of each envelope, and the prices. */
import { type Policy, asksBidder, labels, satisfied } from "../seal/policy.ts";
import { sheetDigest } from "../seal/sheet.ts";
import { REGISTERED } from "./belonging.ts";
import type { Case, Happened } from "./case.ts";
import { policyOf, sheetOf } from "./custody.ts";
import { CLOSED, SEALED, countedIn, isRevealed } from "./envelopes.ts";
import { equal, repeated, sameBag, sameSet, sorted } from "./equal.ts";
import { compareDecimals } from "./exact.ts";
import { type Check, type Found, eachLot } from "./findings.ts";
import { lineOf } from "./notice.ts";
import { type Fields, type Value, writeRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";

export const HALL = "bidding:hall:opened";
export const RELEASED = "bidding:share:released";
export const DECIDED = "bidding:envelope:decided";
export const READ = "bidding:prices:read";
export const GIVEN = "bidding:share:given";
const WAITED = "bidding:waiting:ended";
const OVER = "bidding:window:closed";
export const RESTS = ["bidding:opening:resumed", "bidding:opening:interrupted"];

/** Check 18. */
function hall(about: Case, _trust: Trust, lot: string, found: Found): void {
  if (!about.has(HALL, { lot })) return;
  const [entry, closing] = [about.one(HALL, { lot }), about.one(CLOSED, { lot })];
  const numbered = entry.v("envelopes") as Value[];
  const counted = countedIn(about, closing).map((one) => one.number);
  const receipts = numbered.map((one) => one.receipt as string);
  found.unless(entry.v("closing") === BigInt(closing.index) && equal(sorted(receipts), counted), "hall");
  const isNumbered = equal(numbered.map((one) => one.number), numbered.map((_one, at) => at + 1));
  found.unless(isNumbered && repeated(numbered.map((one) => one.code)).length === 0, "numbers");
  if (isRevealed(about, lot)) {
    const stamps = receipts.map((number) => about.last(SEALED, { lot, number })?.v("stamp") as bigint);
    if (stamps.includes(undefined as unknown as bigint)) throw new RangeError("a receipt without an envelope");
    found.unless(equal(stamps, sorted(stamps)), "stamps");
  }
  for (const one of about.all("bidding:hall:joined", { lot })) found.unless(counted.includes(one.v("receipt")), "joined");
}

/** The index of the bidder's leaf, where the policy has one. */
function ownLeaf(policy: Policy): number[] {
  return policy.leaves.filter((leaf) => leaf.label === "b").map((leaf) => leaf.index);
}

function mayOpen(policy: Policy, ...held: ReadonlyArray<Iterable<number>>): boolean {
  return satisfied(policy.root, new Set(held.flatMap((some) => [...some])));
}

/** Where a leaf stands in a policy; it must be there. */
export function leafIndex(policy: Policy, label: string): number {
  const at = labels(policy).indexOf(label);
  if (at < 0) throw new RangeError(`no leaf ${label}`);
  return at;
}

/** Check 19. */
async function releases(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  const given = about.all(RELEASED, { lot });
  const first = about.first(DECIDED, { lot });
  if (given.length === 0 && first === undefined) return;
  const policy = policyOf(about, lot);
  for (const leaf of repeated(given.map((one) => one.v("leaf")))) found.fault("released_twice", { leaf });
  for (const one of given) await statement(about, trust, one, found);
  const waited = about.all(WAITED, { lot });
  if (first !== undefined && !waited.some((one) => one.index < first.index)) {
    const came = given.filter((one) => one.index < first.index).map((one) => leafIndex(policy, one.v("leaf")));
    found.unless(mayOpen(policy, ownLeaf(policy), came), "quorum");
  }
  for (const ended of waited) found.unless(sameBag(ended.v("came"), given.map((one) => one.v("leaf"))), "waiting");
  if (asksBidder(policy)) ownWindow(about, lot, first, found);
}

/** Every bidder's share was in, or its window over, before the first envelope was decided. */
function ownWindow(about: Case, lot: string, decided: Happened | undefined, found: Found): void {
  const [opened, overs, given] = [about.one("bidding:window:opened", { lot }), about.all(OVER, { lot }), about.all(GIVEN, { lot })];
  const over = overs[0];
  if (over === undefined || overs.length > 1 || (decided !== undefined && decided.index < over.index)) return found.fault("window");
  const rests = RESTS.flatMap((tag) => about.all(tag, { lot })).map((one) => one.v("windows").shares as bigint | null);
  const until = rests.reduce<bigint>((at, rest) => (rest !== null && rest > at ? rest : at), opened.v("until"));
  const receipts = (about.one(HALL, { lot }).v("envelopes") as Value[]).map((one) => one.receipt as string);
  const lacking = receipts.filter((receipt) => !given.some((one) => one.v("receipt") === receipt));
  const isLate = given.some((one) => one.index > over.index || one.at >= until);
  found.unless(!isLate && sameSet(over.v("missing"), lacking) && (lacking.length === 0 || over.at >= until), "window_said");
}

/** A release is a complete statement, signed by the custodian in the sheet, over the counted envelopes. */
async function statement(about: Case, trust: Trust, entry: Happened, found: Found): Promise<void> {
  const lot = entry.v("lot") as string;
  const [sheet, closing] = [sheetOf(about, lot), about.one(CLOSED, { lot })];
  const facts = { leaf: entry.v("leaf") };
  const leaf = sheet.leaves.find((one) => one.label === facts.leaf);
  const said = about.record("sunlight.release/1", entry.v("statement"), "a custodian's statement");
  const signature = about.object(entry.v("signature"), "a custodian's signature");
  const signer = await trust.signer(writeRecord("sunlight.release/1", said), signature, entry.at);
  const isHis = leaf !== undefined && equal(signer.fingerprint, leaf.certificate) && equal(entry.v("certificate"), leaf.certificate);
  found.unless(isHis, "release_signer", facts);
  const place = [said["lot"], said["round"], said["sheet"], said["leaf"]];
  found.unless(equal(place, [sheet.lot, sheet.round, sheetDigest(sheet), facts.leaf]), "release_other", facts);
  const pieces = said["pieces"] as Fields[];
  const counted = countedIn(about, closing);
  const closed = pieces.filter((one) => one["commitment"] === null).map((one) => one["receipt"]);
  const isWhole = equal(pieces.map((one) => [one["receipt"], one["header"]]), counted.map((one) => [one.number, one.header]));
  found.unless(isWhole && entry.v("count") === BigInt(counted.length) && equal(entry.v("closed"), closed), "release_pieces", facts);
  found.unless(entry.index > closing.index, "release_early", facts);
}

/** Check 20. */
function decisions(about: Case, _trust: Trust, lot: string, found: Found): void {
  const decided = about.all(DECIDED, { lot });
  const numbered = new Map(about.all(HALL, { lot }).flatMap((entry) => (entry.v("envelopes") as Value[]).map((one) => [one.number as bigint, one.receipt as string])));
  const numbers = decided.map((one) => one.v("number") as bigint);
  const twice = new Set([...repeated(numbers), ...numbers.filter((number) => !numbered.has(number))]);
  for (const number of twice) found.fault("decided_twice", { number });
  found.unless(!about.has(READ, { lot }) || sameSet(numbers, numbered.keys()), "undecided");
  for (const one of decided) {
    const receipt = numbered.get(one.v("number"));
    found.unless(receipt === undefined || receipt === one.v("receipt"), "decided_other");
    way(about, lot, one, found);
  }
  refuted(about, lot, decided, found);
  for (const one of about.all("bidding:testimony:rebutted", { lot })) {
    const values = { lot, number: one.v("number"), receipt: one.v("receipt"), reason: "bidding.leaf_closed", side: "bidder" };
    found.unless(about.all(DECIDED, values).some((two) => two.index < one.index), "rebutted");
  }
}

/** Whether the statements in the log before the decision allow it. */
function way(about: Case, lot: string, decided: Happened, found: Found): void {
  const policy = policyOf(about, lot);
  const { open, closed } = saidOf(about, policy, decided);
  const [state, reason, side] = ["state", "reason", "side"].map((name) => decided.v(name) as string);
  const own = ownLeaf(policy);
  const custodians = policy.leaves.map((leaf) => leaf.index).filter((index) => !own.includes(index));
  let fits: boolean;
  if (reason === "bidding.leaf_closed") {
    const asked = mayOpen(policy, custodians) ? [] : own; // where nobody opens without the bidder, the bidder counts as asked
    fits = mayOpen(policy, closed, asked) && !mayOpen(policy, open);
  } else if (reason === "bidding.no_own_share") {
    fits = !mayOpen(policy, open) && mayOpen(policy, open, own);
  } else if (reason === "bidding.too_few") {
    const waited = about.all(WAITED, { lot }).some((one) => one.index < decided.index);
    const came = custodians.every((index) => open.has(index) || closed.has(index));
    fits = (came || waited) && !mayOpen(policy, closed) && !mayOpen(policy, open);
  } else {
    fits = mayOpen(policy, open);
  }
  const isBlank = reason === "" && side === "";
  found.unless(fits && (state === "opened" ? isBlank : state === "failed" && !isBlank), "decided", { number: decided.v("number") });
}

/** The leaves that gave a share for the envelope before it was decided, and those that said it does not open. */
function saidOf(about: Case, policy: Policy, decided: Happened): { open: Set<number>; closed: Set<number> } {
  const [lot, receipt] = [decided.v("lot"), decided.v("receipt")];
  const [open, closed] = [new Set<number>(), new Set<number>()];
  if (about.all(GIVEN, { lot, receipt }).some((one) => one.index < decided.index)) for (const own of ownLeaf(policy)) open.add(own);
  for (const one of about.all(RELEASED, { lot })) {
    if (one.index < decided.index) (one.v("closed").includes(receipt) ? closed : open).add(leafIndex(policy, one.v("leaf")));
  }
  return { open, closed };
}

/** A false "does not open" is recorded against its custodian when the envelope opened, and only then. */
function refuted(about: Case, lot: string, decided: readonly Happened[], found: Found): void {
  const policy = policyOf(about, lot);
  const wrong = decided.filter((one) => one.v("state") === "opened").flatMap((one) =>
    [...saidOf(about, policy, one).closed].map((index) => [labels(policy)[index], one.v("receipt")]),
  );
  const said = about.all("bidding:testimony:refuted", { lot }).map((one) => [one.v("leaf"), one.v("receipt")]);
  found.unless(sameSet(said, wrong), "refuted");
}

/** What was read out. */
export function readoutOf(about: Case, lot: string): Fields {
  return about.record("sunlight.readout/1", about.one(READ, { lot }).v("table"), "the read-out");
}

/** Check 21. */
function prices(about: Case, _trust: Trust, lot: string, found: Found): void {
  if (!about.has(READ, { lot })) return;
  const [entry, readout] = [about.one(READ, { lot }), readoutOf(about, lot)];
  const [bids, failed] = [readout["bids"] as Fields[], readout["failed"] as Fields[]];
  const shown = [entry.v("bids"), entry.v("failed")];
  const figures = [entry.v("opened"), entry.v("unopened"), readout["lot"], readout["round"]];
  const isSaid = equal(figures, [bids.length, failed.length, lot, entry.v("round")]);
  found.unless((equal(shown, [bids, failed]) || equal(shown, [[], []])) && isSaid, "readout");
  const decided = new Map(about.all(DECIDED, { lot }).map((one) => [one.v("number") as bigint, one]));
  found.unless([...decided.values()].every((one) => one.index < entry.index), "read_early");
  const of = (state: string): bigint[] => sorted([...decided].filter(([, one]) => one.v("state") === state).map(([number]) => number));
  found.unless(equal(bids.map((one) => one["number"]), of("opened")), "read_opened");
  found.unless(equal(failed.map((one) => one["number"]), of("failed")), "read_failed");
  const codes = new Map((about.one(HALL, { lot }).v("envelopes") as Value[]).map((one) => [one.number, one.code]));
  const ceiling = lineOf(about, lot)["ceiling"] as string | null;
  for (const bid of bids) {
    const { number, party, credit_code, name, price, invalid } = bid as Fields;
    found.unless(about.has(REGISTERED, { party, credit_code, name }) && codes.get(number) === bid["code"], "read_bidder", { number });
    const isAbove = ceiling !== null && compareDecimals(price, ceiling) > 0;
    found.unless(invalid === (isAbove ? "bidding.above_ceiling" : ""), "ceiling", { number });
  }
  for (const bid of failed) {
    const { number, party, credit_code, name } = bid as Fields;
    const one = decided.get(number) as Happened;
    const isKnown = party === "" || about.has(REGISTERED, { party, credit_code, name });
    const isSame = equal([bid["reason"], bid["side"], bid["code"]], [one.v("reason"), one.v("side"), codes.get(number)]);
    found.unless(isKnown && isSame, "read_unopened", { number });
  }
}

export const CHECKS: readonly Check[] = [
  { number: 18, rule: eachLot(hall), since: [HALL] },
  { number: 19, rule: eachLot(releases), since: [RELEASED, DECIDED] },
  { number: 20, rule: eachLot(decisions), since: [DECIDED] },
  { number: 21, rule: eachLot(prices), since: [READ] },
];
