/** Checks 36 to 39, which need the private evidence: what lay in the envelopes and covers, whom the draw avoided. */
import { Decrypter } from "age-encryption";
import { type Bytes, hex, join, utf8 } from "../seal/bytes.ts";
import { Malformed } from "../seal/canon.ts";
import { parseHeader } from "../seal/header.ts";
import { checkShare, commitment, context, readOpening } from "../seal/opening.ts";
import { satisfied } from "../seal/policy.ts";
import { checkHeader } from "../seal/receiving.ts";
import { Refused, refuse } from "../seal/refused.ts";
import { bodies, drawsOf } from "./belonging.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import { policyOf, sheetOf } from "./custody.ts";
import { CLOSED, SEALED, countedIn } from "./envelopes.ts";
import { equal } from "./equal.ts";
import { Ratio, compareDecimals } from "./exact.ts";
import { type Check, type Found, eachLot, missing } from "./findings.ts";
import { lineOf } from "./notice.ts";
import { DECIDED, GIVEN, RELEASED, leafIndex, readoutOf } from "./opening.ts";
import { type Fields, type Value, readRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";
import { HEADER, type Opened, unseal } from "./unsealing.ts";

const ENDED = "bidding:lot:opened";
const FROZEN = "experts:pool:frozen";
const LODGED = "guarantees:cover:lodged";
const RECOGNISED = "guarantees:guarantee:recognised";
const DAYS = ["days", "工期", "交货期"]; // the lines in which a bidder may state the duration

interface KeptShare {
  readonly receipt: string;
  readonly share: Bytes | null;
}

/** The shares that a custodian gave. */
function batchOf(about: Case, entry: Happened): { readonly leaf: string; readonly shares: readonly KeptShare[] } {
  const data = about.kept.get(`${entry.v("lot")}/${entry.v("leaf")}.batch`) ?? missing("a custodian's shares");
  return about.once(`batch ${entry.index}`, () => readRecord("sunlight.batch/1", data)) as unknown as { leaf: string; shares: KeptShare[] };
}

function ownShareOf(about: Case, entry: Happened): Bytes {
  return about.kept.get(`${entry.v("lot")}/${entry.v("receipt")}.share`) ?? missing("a bidder's own share");
}

/** Check 36. */
function shares(about: Case, _trust: Trust, lot: string, found: Found): void {
  if (!about.has(ENDED, { lot })) return;
  for (const { number } of countedIn(about, about.one(CLOSED, { lot }))) sealedFile(about, lot, number, found);
  for (const entry of about.all(GIVEN, { lot })) {
    const made = committed(about, lot, "b", entry.v("receipt"), ownShareOf(about, entry));
    found.unless(equal(entry.v("commitment"), made), "own_share");
  }
  for (const entry of about.all(RELEASED, { lot })) {
    const leaf = entry.v("leaf") as string;
    const pieces = about.record("sunlight.release/1", entry.v("statement"), "a custodian's statement")["pieces"] as Fields[];
    const batch = batchOf(about, entry);
    const receipts = batch.shares.map((one) => one.receipt);
    found.unless(batch.leaf === leaf && equal(receipts, pieces.map((one) => one["receipt"])), "batch", { leaf });
    if (receipts.length !== pieces.length) throw new RangeError("other shares");
    for (const [at, piece] of pieces.entries()) {
      const { receipt, share } = batch.shares[at] as KeptShare;
      const isBoth = (share === null) === (piece["commitment"] === null);
      const isIts = share === null || piece["commitment"] === null || equal(piece["commitment"], committed(about, lot, leaf, receipt, share));
      found.unless(isBoth && isIts, "share", { leaf });
    }
  }
}

function sealedFile(about: Case, lot: string, number: string, found: Found): void {
  const [sealed, decided] = [about.one(SEALED, { lot, number }), about.one(DECIDED, { lot, receipt: number })];
  const data = about.objects.get(hex(sealed.v("digest")));
  if (data === undefined) {
    if (decided.v("reason") !== "bidding.stored_differs") missing("a sealed file");
    return;
  }
  const isLong = BigInt(data.length) === sealed.v("size");
  const isIts = isLong && equal(checkHeader(data.subarray(0, HEADER), sheetOf(about, lot), sealed.v("submission"), data.length).digest, sealed.v("header"));
  found.unless(isIts, "sealed_file", { number });
}

/** The commitment that stands in the envelope for this share. Refused bidding.share_mismatch. */
function committed(about: Case, lot: string, leaf: string, number: string, share: Bytes): Bytes {
  const data = about.object(about.one(SEALED, { lot, number }).v("digest"), "a sealed file");
  const opening = readOpening(parseHeader(data.subarray(0, HEADER)).stanzas[0] ?? refuse("bidding.no_stanza"));
  const index = leafIndex(policyOf(about, lot), leaf);
  if (opening.parts[index] === undefined) throw new RangeError("no such leaf");
  checkShare(opening, index, share);
  return commitment(context(opening.sheet, opening.salt, opening.policy), opening.share, index, share);
}

/** The shares that were given for an envelope before it was decided, by leaf. */
function givenFor(about: Case, lot: string, decided: Happened): Map<number, Bytes> {
  const [policy, receipt] = [policyOf(about, lot), decided.v("receipt") as string];
  const given = new Map<number, Bytes>();
  for (const entry of about.all(RELEASED, { lot })) {
    if (entry.index >= decided.index) continue;
    const kept = batchOf(about, entry).shares.find((one) => one.receipt === receipt);
    if (kept === undefined) throw new RangeError("a batch without this envelope");
    if (kept.share !== null) given.set(leafIndex(policy, entry.v("leaf")), kept.share);
  }
  for (const entry of about.all(GIVEN, { lot, receipt })) {
    if (entry.index < decided.index) given.set(leafIndex(policy, "b"), ownShareOf(about, entry));
  }
  return given;
}

function opened(about: Case, trust: Trust, lot: string, decided: Happened): Promise<Opened> {
  const sealed = about.one(SEALED, { lot, number: decided.v("receipt") });
  const data = about.objects.get(hex(sealed.v("digest"))) ?? new Uint8Array();
  const given = givenFor(about, lot, decided);
  return about.once(`opened ${decided.index}`, () => unseal(about, trust, sealed, sheetOf(about, lot), given, data));
}

/** Check 37. */
async function contents(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  if (!about.has(ENDED, { lot })) return;
  const bids = readoutOf(about, lot)["bids"] as Fields[];
  const opening = about.record("sunlight.openingrecord/1", about.one(ENDED, { lot }).v("record"), "the opening record");
  for (const decided of about.all(DECIDED, { lot })) {
    if (!satisfied(policyOf(about, lot).root, new Set(givenFor(about, lot, decided).keys()))) continue; // check 20 says whether that was a reason
    const [number, reason] = [decided.v("number") as bigint, decided.v("reason") as string];
    const made = await opened(about, trust, lot, decided);
    if (made.kind === "unread") found.not("elsewhere");
    else if (made.kind === "failed") {
      found.unless(reason === made.code && decided.v("side") === made.side, "contents_closed", { number, why: made.code });
    } else if (reason !== "bidding.other_bidder") { // whose handle it came under is for the house alone to know
      const { creditCode, name, price, items } = made.manifest;
      const bid = bids.filter((one) => one["number"] === number).at(-1);
      const said = bid && [bid["credit_code"], bid["name"], bid["price"], bid["days"]];
      found.unless(equal(said, [creditCode, name, Ratio.read(price).rounded(2), daysIn(items)]), "contents", { number });
      const stated = (opening["bids"] as Fields[]).filter((one) => one["number"] === number).map((one) => wordsOf(one["items"] as Fields[]));
      found.unless(stated.some((one) => equal(one, wordsOf(items))), "stated", { number });
    }
  }
}

/** Names and values of what a bid states besides price and files. */
function wordsOf(items: ReadonlyArray<{ readonly name?: Value; readonly value?: Value }>): Value[] {
  return items.map((item) => [item.name, item.value]);
}

/** The duration in whole days that a bidder states, 0 without one. */
function daysIn(items: ReadonlyArray<{ readonly name: string; readonly value: string }>): number {
  const item = items.find((one) => DAYS.includes(one.name));
  const stated = /^([1-9][0-9]{0,4}) ?(日|天|日历天|days?)?$/.exec(item?.value ?? "");
  return stated === null ? 0 : Number(stated[1]);
}

/** Check 38. */
function avoided(about: Case, _trust: Trust, lot: string, found: Found): void {
  for (const draw of drawsOf(about, lot)) {
    for (const frozen of about.all(FROZEN, { draw })) {
      const salt = about.kept.get(`${draw}.salt`) ?? missing("the salt of a draw");
      const pool = about.record("sunlight.draw.pool/1", frozen.v("root"), "the pool of a draw");
      const read = readoutOf(about, lot);
      const bidders = (read["bids"] as Fields[]).map((bid) => bid["credit_code"] as string);
      const known = (read["failed"] as Fields[]).map((bid) => bid["credit_code"] as string).filter((code) => code !== "");
      const firms = [...bidders, ...known, ...[...bodies(about).values()].map((body) => body.credit_code)];
      if (salt.length !== 32) throw new RangeError("a salt has 32 bytes");
      const ties = new Set((pool["avoided"] as Bytes[]).map((one) => hex(one)));
      found.unless(firms.every((firm) => ties.has(hex(digestOf(join(utf8("sunlight.tie/1\0"), salt, utf8(firm)))))), "avoided");
    }
  }
}

/** Check 39. */
async function terms(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  if (!about.has(ENDED, { lot }) || compareDecimals(lineOf(about, lot)["bond"], "0") === 0) return;
  const lodged = about.all(LODGED, { lot }).map((one) => about.object(one.v("digest"), "a sealed cover"));
  const bids = readoutOf(about, lot)["bids"] as Fields[];
  for (const decided of about.all(DECIDED, { lot, state: "opened" })) {
    const bid = bids.find((one) => one["number"] === decided.v("number"));
    if (bid === undefined) throw new RangeError("a bid that was not read");
    for (const held of about.all(RECOGNISED, { lot, party: bid["party"] })) {
      const made = await opened(about, trust, lot, decided);
      if (made.kind === "unread") return found.not("elsewhere");
      if (made.kind === "failed") missing("a bid that opens");
      const cover = made.coverKey && (await coverIn(trust, lodged, made.coverKey, decided.at));
      if (!cover) found.fault("no_cover");
      else promised(about, lot, bid["credit_code"], held, cover, found);
    }
  }
}

/** The terms in the cover that the key in a bid opens, as its issuer signed them; null when it opens none. */
async function coverIn(trust: Trust, lodged: readonly Bytes[], key: Bytes, at: bigint): Promise<Fields | null> {
  for (const sealed of lodged) {
    const plain = await decrypted(sealed, new TextDecoder().decode(key).trim());
    if (plain === null) continue;
    try {
      const signed = readRecord("sunlight.cover/1", plain);
      const read = readRecord("sunlight.terms/1", signed["terms"]);
      await trust.signer(signed["terms"], signed["signature"], at);
      return read;
    } catch (error) {
      if (error instanceof Malformed) refuse("cover.malformed");
      throw error;
    }
  }
  return null;
}

async function decrypted(sealed: Bytes, identity: string): Promise<Bytes | null> {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return (await decrypter.decrypt(sealed)) as Bytes;
  } catch (error) {
    if (error instanceof Refused || error instanceof Error) return null; // the library says no more than that it does not open
    throw error;
  }
}

function promised(about: Case, lot: string, bidder: string, held: Happened, cover: Fields, found: Found): void {
  const so: Fields = {
    lot, beneficiary: bodies(about).get("purchaser")?.credit_code, bidder, kind: held.v("kind"), number: held.v("number"), amount: held.v("amount"),
  };
  for (const [field, value] of Object.entries(so)) found.unless(equal(cover[field], value), "guarantee_terms", { field });
}

export const CHECKS: readonly Check[] = [
  { number: 36, rule: eachLot(shares), isPrivate: true, since: [ENDED] },
  { number: 37, rule: eachLot(contents), isPrivate: true, since: [ENDED] },
  { number: 38, rule: eachLot(avoided), isPrivate: true, since: [FROZEN] },
  { number: 39, rule: eachLot(terms), isPrivate: true, since: [ENDED] },
];
