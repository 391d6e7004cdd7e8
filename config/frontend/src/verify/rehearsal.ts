/** Check 41: the custodians' keys had been shown to open before anybody sealed for them. */
import { parseHeader } from "../seal/header.ts";
import { readOpening, submissionOf } from "../seal/opening.ts";
import { type Policy, labels, parsePolicy, smallest } from "../seal/policy.ts";
import { type Received, checkHeader } from "../seal/receiving.ts";
import { refuse } from "../seal/refused.ts";
import { type CustodySheet, type LeafKey, readSheet } from "../seal/sheet.ts";
import { SHEET } from "./belonging.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import { brought, checkKeys, checkSheet } from "./custody.ts";
import { equal, keyOf, repeated } from "./equal.ts";
import { type Check, type Found, eachLot } from "./findings.ts";
import { NOTICED } from "./notice.ts";
import { type Fields, type Value, writeRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";
import { HEADER } from "./unsealing.ts";

const OPENED = "bidding:rehearsal:opened";
const MOST = 20;
const WRAPPED = 32; // of each part of a stanza's body; the commitment follows

async function rehearsed(about: Case, trust: Trust, lot: string, found: Found): Promise<void> {
  const noticed = about.one(NOTICED, { lot });
  for (const entry of brought(about, lot)) {
    const sheet = readSheet(entry.v("sheet"));
    const before = Math.max(entry.index, noticed.index);
    const held = about.all(OPENED, { tender: about.tender }).filter((one) => one.index < before && isSame(about, one, sheet)).at(-1);
    if (held === undefined) found.fault("rehearsal");
    else await check(about, trust, held, parsePolicy(sheet.policy), found);
  }
}

/** The entry of the rehearsal's own sheet, before the rehearsal was held. */
function sheetFor(about: Case, opened: Happened): Happened | undefined {
  const own = about.all(SHEET, { lot: about.tender }).filter((one) => equal(digestOf(one.v("sheet")), opened.v("sheet")));
  return own.filter((one) => one.index < opened.index).at(-1);
}

/** Whether a rehearsal was held with the policy and the keys of a lot's sheet. */
function isSame(about: Case, opened: Happened, sheet: CustodySheet): boolean {
  const entry = sheetFor(about, opened);
  if (entry === undefined) return false;
  const own = readSheet(entry.v("sheet"));
  return own.policy === sheet.policy && equal(own.leaves, sheet.leaves);
}

async function check(about: Case, trust: Trust, opened: Happened, policy: Policy, found: Found): Promise<void> {
  const entry = sheetFor(about, opened);
  if (entry !== undefined) {
    await checkSheet(about, trust, entry, { lot: about.tender, round: 0n }, found);
    checkKeys(about, entry, found);
  }
  const least = new Set(smallest(policy).map((one) => keyOf(one.map((index) => labels(policy)[index]))));
  const sets = (opened.v("sets") as Value[]).map((one) => one.leaves as string[]);
  const isEvery = repeated(sets).length === 0 && sets.every((one) => least.has(keyOf(one))) && sets.length === Math.min(MOST, least.size);
  found.unless(isEvery, "rehearsal_sets");
  await statements(about, trust, opened, entry, found);
}

/** The dummy envelope, and what each custodian gave of it. */
async function statements(about: Case, trust: Trust, opened: Happened, entry: Happened | undefined, found: Found): Promise<void> {
  const { tender } = about;
  const digest = opened.v("digest");
  const dummy = about.last("bidding:rehearsal:sealed", { tender, digest });
  if (entry === undefined || dummy === undefined) return found.fault("rehearsal_dummy");
  const data = about.object(digest, "the rehearsal's envelope");
  const sheet = readSheet(entry.v("sheet"));
  const first = parseHeader(data.subarray(0, HEADER)).stanzas[0] ?? refuse("bidding.no_stanza");
  const submission = submissionOf(readOpening(first));
  const header = checkHeader(data.subarray(0, HEADER), sheet, submission, data.length);
  const said = ["sheet", "submission", "header", "size"].map((name) => dummy.v(name));
  found.unless(equal(said, [opened.v("sheet"), submission, header.digest, data.length]), "rehearsal_dummy");
  for (const leaf of sheet.leaves) { // the bidder's, where there is one, was played by the agent's client
    const given = about.last("bidding:rehearsal:given", { tender, digest, leaf: leaf.label });
    const isGiven = given !== undefined && given.index < opened.index && (await fits(about, trust, given, leaf, header, submission));
    found.unless(isGiven, "rehearsal_given", { leaf: leaf.label });
  }
}

/** Whether the custodian of a leaf signed for the share to which the envelope is committed. */
async function fits(about: Case, trust: Trust, given: Happened, leaf: LeafKey, header: Received, submission: string): Promise<boolean> {
  const said = about.record("sunlight.release/1", given.v("statement"), "a custodian's statement");
  const signature = about.object(given.v("signature"), "a custodian's signature");
  const signer = await trust.signer(writeRecord("sunlight.release/1", said), signature, given.at);
  const { opening } = header;
  const committed = opening.parts[labels(opening.policy).indexOf(leaf.label)]?.subarray(WRAPPED);
  const pieces = (said["pieces"] as Fields[]).map((one) => [one["receipt"], one["header"], one["commitment"]]);
  const place = [said["lot"], said["round"], said["sheet"], said["leaf"]];
  return (
    equal(signer.fingerprint, leaf.certificate) && equal(given.v("certificate"), leaf.certificate) &&
    equal(place, [about.tender, 0n, given.v("sheet"), leaf.label]) && equal(given.v("sheet"), opening.sheet) &&
    equal(pieces, [[submission, header.digest, committed]])
  );
}

export const CHECKS: readonly Check[] = [{ number: 41, rule: eachLot(rehearsed) }];
