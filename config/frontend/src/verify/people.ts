/** Checks 10 and 11: whether everybody who signed or acted was known to the log, and entitled to it.
 *
 * Who may leave which entry stands in docs/checks.md, "Who may leave what".
 */
import { hex } from "../seal/bytes.ts";
import { ENROLLED, OPENED, REGISTERED, bodies, certificates, ends } from "./belonging.ts";
import type { Case, Happened } from "./case.ts";
import { sorted } from "./equal.ts";
import type { Check, Found } from "./findings.ts";
import { noticeOf } from "./notice.ts";
import type { Trust } from "./trust.ts";

const CLOCK = "clock";
const HOUR = 3_600_000_000n;
const LETTERS: Readonly<Record<string, string>> = { a: "agent", c: "centre", r: "regulator" };
const SEEDS: Readonly<Record<string, string>> = { agent: "agent", supervisor: "regulator", centre: "centre" };
const SIDE = ["purchaser", "agent"];
const CUSTODY = ["agent", "centre", "regulator"];

/** Offices, and the entries that they alone may leave. Of "custodians" it is the body of the leaf or seed in question. */
const MAY: ReadonlyArray<readonly [readonly string[], string]> = [
  [SIDE, `trading:tender:drafted trading:tender:amended trading:lot:drafted trading:lot:amended trading:paper:added
    trading:paper:dropped trading:notice:published trading:lot:noticed trading:question:answered trading:addendum:issued
    trading:deadline:moved trading:candidates:published trading:contract:drawn trading:objection:answered`],
  [[CLOCK], `trading:lot:closing trading:lot:overdue trading:publicity:ended trading:failure:noticed bidding:lot:closed
    bidding:lot:failed bidding:envelope:decided bidding:testimony:refuted bidding:prices:read bidding:window:closed
    bidding:rehearsal:opened bidding:rehearsal:failed guarantees:guarantee:recognised guarantees:guarantee:released
    supervision:trail:counted supervision:alarm:raised trading:deadline:extended bidding:opening:interrupted
    supervision:archive:made`],
  [["custodians"], `bidding:key:registered bidding:sheet:signed bidding:share:released bidding:rehearsal:given
    experts:seed:committed experts:seed:revealed`],
  [CUSTODY, "bidding:sheet:sealed experts:draw:drawn"],
  [["bidder"], "bidding:objection:raised bidding:record:confirmed bidding:testimony:rebutted bidding:share:given trading:objection:made"],
  [["agent"], `bidding:hall:opened bidding:window:opened bidding:objection:answered experts:draw:requested
    evaluation:room:opened bidding:policy:chosen bidding:rehearsal:sealed`],
  [["centre"], "experts:pool:frozen experts:invitation:lapsed bidding:opening:failed bidding:lot:opened"],
  [["regulator"], "supervision:bundle:exported supervision:alarm:settled bidding:opening:paused bidding:waiting:ended"],
  [["clock", "regulator"], "bidding:opening:resumed bidding:opening:rescheduled"],
  [["clock", "agent"], "bidding:silence:accepted"],
  [["clock", "centre"], "ledger:veiled:lifted"],
  [["agent", "centre"], "bidding:record:signed"],
  [["purchaser", "bidder"], "trading:contract:endorsed trading:contract:signed"],
  [["purchaser"], "trading:award:noticed guarantees:claim:filed"],
  [["guarantor"], "guarantees:claim:paid"],
];
const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map(
  MAY.flatMap(([offices, tags]) => tags.split(/\s+/).map((tag) => [tag, offices] as const)),
);

/** Check 10. */
function enrolled(about: Case, trust: Trust, found: Found): void {
  const issued = new Map([...about.all(ENROLLED)].reverse().map((one) => [hex(one.v("fingerprint")), one]));
  for (const print of sorted(certificates(about, trust))) found.unless(issued.has(print), "certificate", { print });
  for (const [print, until] of ends(about, trust)) {
    const said = issued.get(print);
    found.unless(said === undefined || said.v("until") === until, "certificate_until", { print });
  }
  for (const one of about.open) {
    const named = one.has("certificate") ? issued.get(hex(one.v("certificate"))) : undefined;
    if (named === undefined) continue;
    found.unless(one.index >= named.index, "certificate", { print: hex(named.v("fingerprint")) });
    found.unless(named.v("account") === one.by, "certificate_account", { index: one.index, tag: one.tag });
  }
}

/** Check 11. */
function entitled(about: Case, _trust: Trust, found: Found): void {
  const round = noticeOf(about)["round"] as bigint;
  for (const [office, { credit_code, name }] of bodies(about)) {
    found.unless(about.has(REGISTERED, { credit_code, name }), "body", { office });
  }
  const people = peopleOf(about);
  for (const one of about.open) {
    const allowed = allowedFor(one);
    if (allowed) found.unless(allowed.includes(people.get(one.by) ?? ""), "actor", { index: one.index, tag: one.tag });
  }
  for (const one of [...about.open, ...about.inner]) {
    const own = one.has("lot") && one.v("lot") === about.tender ? 0n : round; // the rehearsal's sheet has round 0
    found.unless(!one.has("round") || one.v("round") === own, "round", { index: one.index, tag: one.tag });
  }
  inTime(about, found);
}

/** What each account may act as: the office of its body in this tender, or its role. */
function peopleOf(about: Case): ReadonlyMap<string, string> {
  const offices = new Map([...bodies(about)].map(([office, body]) => [body.credit_code, office]));
  const parties = new Map(about.all(REGISTERED).map((one) => [one.v("party") as string, offices.get(one.v("credit_code")) ?? ""]));
  const made = new Map([[CLOCK, CLOCK]]);
  for (const one of about.all(OPENED)) {
    const roles = [parties.get(one.v("party")) ?? "", "bidder", "guarantor"];
    made.set(one.v("account"), roles.includes(one.v("role")) ? one.v("role") : "");
  }
  return made;
}

function allowedFor(one: Happened): readonly string[] | undefined {
  const allowed = ALLOWED.get(one.tag);
  if (allowed?.[0] !== "custodians") return allowed;
  if (one.has("body")) return [SEEDS[one.v("body")] ?? "nobody"];
  const label = (one.has("label") ? one.v("label") : one.v("leaf")) as string;
  return [LETTERS[label.charAt(0)] ?? "nobody"];
}

/** Nothing is stamped long before what stands before it in the log. */
function inTime(about: Case, found: Found): void {
  let newest = 0n;
  for (const one of sorted([...about.open, ...about.inner], (happened) => happened.index)) {
    found.unless(one.at >= newest - HOUR, "backdated", { index: one.index, tag: one.tag });
    if (one.at > newest) newest = one.at;
  }
}

export const CHECKS: readonly Check[] = [
  { number: 10, rule: enrolled },
  { number: 11, rule: entitled },
];
