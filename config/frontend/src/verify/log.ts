/** Checks 1 to 5: the archive, the log's signature, and that the entries are those of the log, all of them. */
import { included, leafHash, readNote, type Checkpoint } from "../custody/log.ts";
import { hex, join, unbase64, utf8 } from "../seal/bytes.ts";
import { Malformed } from "../seal/canon.ts";
import { ENROLLED, OPENED, REGISTERED, accounts, belongs, certificates, creditCodes, isScoped } from "./belonging.ts";
import { type Case, FIXED, LIFTED, OBJECTS, PRIVATE, VEILED, digestOf } from "./case.ts";
import { equal, repeated, sorted } from "./equal.ts";
import { Broken, type Check, type Found } from "./findings.ts";
import { namers } from "./naming.ts";
import { readEntry } from "./shapes.ts";
import type { Trust } from "./trust.ts";

export const TRAIL = "supervision:trail:counted";

/** Check 1; that the bytes are in their one form was asked when they were unpacked. */
function archive(about: Case, _trust: Trust, found: Found): void {
  const isLot = (lot: string): boolean => lot.startsWith(`${about.tender}-`) && /^[1-9][0-9]?$/.test(lot.slice(about.tender.length + 1));
  found.unless(about.lots.length > 0 && repeated(about.lots).length === 0 && about.lots.every(isLot), "head");
  for (const [name, data] of about.objects) {
    found.unless(/^[0-9a-f]{64}$/.test(name) && hex(digestOf(data)) === name, "object", { name: OBJECTS + name });
  }
  found.unless(equal(about.head.members, membersOf(about)), "members_named");
  const [first] = sorted(about.kept.keys());
  if (about.isPublic && first !== undefined) found.fault("private", { name: PRIVATE + first });
}

const ENDINGS: Readonly<Record<string, string>> = { batch: "bidding:share:released", share: "bidding:share:given", salt: "experts:draw:requested" };

/** What the head must say: every other member, with the kind of entry or record that names it. */
function membersOf(about: Case): Readonly<Record<string, string>> {
  const words = namers(about);
  const objects = [...about.objects.keys()].map((name) => [OBJECTS + name, words.get(name) ?? ""]);
  const kept = [...about.kept.keys()].map((name) => [PRIVATE + name, ENDINGS[name.split(".").at(-1) as string] ?? ""]);
  return Object.fromEntries([...FIXED, ...objects, ...kept]) as Readonly<Record<string, string>>;
}

/** The signed state of the log, if its key signed it under its own name. */
export function stateOf(about: Case, trust: Trust): Checkpoint {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(about.note);
  const state = readNote(text, trust.logKey);
  if (state === null) throw new Broken("the checkpoint carries no signature of this log");
  if (state.origin !== trust.logName) throw new Broken("the checkpoint is of another log");
  return state;
}

/** Check 2. One signature, in its one form: a line that nobody here can check could hide anything. */
function checkpoint(about: Case, trust: Trust, found: Found): void {
  const state = stateOf(about, trust);
  const lines = new TextDecoder().decode(about.note).split("\n");
  const [dash, name, blob, ...more] = (lines[4] ?? "").split(" ");
  const isOne = lines.length === 6 && lines[5] === "" && lines[3] === "" && more.length === 0;
  found.unless(isOne && dash === "—" && name === state.origin && unbase64(blob ?? "") !== null, "checkpoint_more");
}

/** Check 3. */
function inclusion(about: Case, trust: Trust, found: Found): void {
  const state = stateOf(about, trust);
  for (const index of repeated(about.leaves.map((one) => one.index))) found.fault("index_twice", { index });
  for (const { index, leaf, path } of about.leaves) {
    found.unless(included(leafHash(leaf), index, state.size, path, state.root), "not_included", { index });
    try {
      readEntry(leaf);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      found.fault("not_canonical", { index, why: error.message });
    }
  }
}

/** Check 4. */
function aboutTender(about: Case, trust: Trust, found: Found): void {
  for (const id of repeated([...about.open, ...about.inner].map((one) => one.id))) found.fault("id_twice", { id: hex(id) });
  const indexes = about.leaves.map((one) => one.index);
  found.unless(equal(indexes, sorted(indexes)), "order");
  const lifted = new Set(about.all(LIFTED).map((one) => Number(one.v("index"))));
  const [codes, prints, people] = [creditCodes(about), certificates(about, trust), accounts(about)];
  for (const one of about.entries) {
    let isKnown: boolean;
    if (one.tag === VEILED) isKnown = lifted.has(one.index);
    else if (one.tag === REGISTERED) isKnown = codes.has(one.v("credit_code"));
    else if (one.tag === OPENED) isKnown = people.has(one.v("account"));
    else if (one.tag === ENROLLED) isKnown = prints.has(hex(one.v("fingerprint")));
    else isKnown = belongs(about, one);
    found.unless(isKnown, "foreign", { index: one.index, tag: one.tag });
  }
}

/** Check 5. The digest of a trail is over the leaf hashes of the entries, in their order (docs/bundle.md, "Bytes"). */
function trails(about: Case, _trust: Trust, found: Found): void {
  const scoped = about.open.filter(isScoped);
  found.unless(scoped.at(-1)?.tag === TRAIL, "no_trail");
  for (const trail of about.all(TRAIL)) {
    const [upto, count] = [Number(trail.v("upto")), Number(trail.v("count"))];
    const before = scoped.filter((one) => one.index <= upto);
    const digest = trailDigest(before.map((one) => one.leaf));
    const isSo = upto < trail.index && before.length === count && equal(digest, trail.v("digest"));
    found.unless(isSo, "trail", { index: trail.index, count });
  }
  const last = about.last(TRAIL);
  for (const one of last === undefined ? [] : scoped) {
    if (one.index > Number(last?.v("upto")) && one.index !== last?.index) found.fault("uncounted", { index: one.index });
  }
}

export function trailDigest(leaves: readonly Uint8Array[]): Uint8Array {
  return digestOf(join(utf8("sunlight.trail/1\0"), ...leaves.map(leafHash)));
}

export const CHECKS: readonly Check[] = [
  { number: 1, rule: archive },
  { number: 2, rule: checkpoint },
  { number: 3, rule: inclusion },
  { number: 4, rule: aboutTender },
  { number: 5, rule: trails },
];
