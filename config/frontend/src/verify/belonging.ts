/** To which lot an entry belongs, and which bodies, accounts and certificates the evidence of a tender needs.
 *
 * Enters: a case. Leaves: answers for checks 4, 10, 11. Entries of a draw or a guarantee name their lot by the request or
 * the recognition that began it.
 */
import { hex } from "../seal/bytes.ts";
import { Malformed } from "../seal/canon.ts";
import { readSheet } from "../seal/sheet.ts";
import { type Case, DISCLOSED, type Happened, LIFTED, VEILED } from "./case.ts";
import { equal } from "./equal.ts";
import { type Fields, type Value, readRecord } from "./shapes.ts";
import type { Trust } from "./trust.ts";

export const REGISTERED = "trading:party:registered";
export const ENROLLED = "trading:certificate:issued";
export const OPENED = "trading:account:opened";
export const SHEET = "bidding:sheet:sealed";
export const READ = "bidding:prices:read";
const RECOGNISED = "guarantees:guarantee:recognised";
const REQUESTED = "experts:draw:requested";

/** Whether the entry lies under the tender in the log: everything but veils and enrolment. */
export function isScoped(one: Happened): boolean {
  return ![VEILED, REGISTERED, ENROLLED, OPENED].includes(one.tag);
}

export function belongs(about: Case, one: Happened): boolean {
  const { values } = one;
  if (one.tag === LIFTED) {
    return about.inner.some((inner) => inner.index === Number(values["index"]) && about.lots.includes(inner.values["lot"]));
  }
  if (one.tag === DISCLOSED) return about.open.some((other) => equal(other.id, values["entry"]));
  if (one.has("draw")) return about.lots.includes(lotOfDraw(about, one.v("draw")));
  if (one.has("guarantee") && !one.has("lot")) {
    return about.all(RECOGNISED, { guarantee: values["guarantee"] }).some((other) => about.lots.includes(other.v("lot")));
  }
  if (one.has("tender")) return values["tender"] === about.tender;
  return [about.tender, ...about.lots].includes(values["lot"]); // the rehearsal's own sheet is that of the tender
}

function readable(tag: string, data: Uint8Array | undefined): Fields | null {
  try {
    return data === undefined ? null : readRecord(tag, data);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function lotOfDraw(about: Case, code: string): string {
  const asked = about.first(REQUESTED, { draw: code });
  return asked === undefined ? "" : (readable("sunlight.draw.request/1", about.objects.get(hex(asked.v("digest"))))?.["lot"] ?? "");
}

/** The draws of a lot, in the order of their requests. */
export function drawsOf(about: Case, lot: string): string[] {
  return about.all(REQUESTED).map((one) => one.v("draw") as string).filter((code) => lotOfDraw(about, code) === lot);
}

export interface Body {
  readonly credit_code: string;
  readonly name: string;
}

/** The four bodies around the tender by what they do, as the notice names them; empty without one. */
export function bodies(about: Case): ReadonlyMap<string, Body> {
  const published = about.first("trading:notice:published", { tender: about.tender });
  const notice = published && readable("sunlight.notice/1", about.objects.get(hex(published.v("digest"))));
  if (!notice) return new Map();
  return new Map(["purchaser", "agent", "centre", "regulator"].map((office) => [office, notice[office] as Body]));
}

export function creditCodes(about: Case): Set<string> {
  const rows = about.all(READ).flatMap((one) => {
    const table = readable("sunlight.readout/1", about.objects.get(hex(one.v("table"))));
    return [...one.v("bids"), ...one.v("failed"), ...(table?.["bids"] ?? []), ...(table?.["failed"] ?? [])] as Fields[];
  });
  const codes = [...bodies(about).values()].map((body) => body.credit_code);
  return new Set([...codes, ...rows.map((row) => row["credit_code"] as string)].filter((code) => code !== ""));
}

export function accounts(about: Case): Set<string> {
  return new Set(about.open.filter(isScoped).map((one) => one.by));
}

/** SHA-256 (hex) of every certificate by which something in the bundle was signed, or is said to have been. */
export function certificates(about: Case, trust: Trust): Set<string> {
  const said = about.open.filter((one) => one.has("certificate")).map((one) => hex(one.v("certificate")));
  const leaves = about.all(SHEET).flatMap((one) => readSheet(one.v("sheet")).leaves.map((leaf) => hex(leaf.certificate)));
  const signers = [...about.objects.values()].map((data) => trust.namedIn(data)).filter((found) => found !== null);
  return new Set([...said, ...leaves, ...signers.map((found) => hex(found.fingerprint))]);
}

/** Until when every certificate is valid that lies in a signature of the bundle, by its SHA-256 (hex). */
export function ends(about: Case, trust: Trust): ReadonlyMap<string, bigint> {
  const sheets = about.all(SHEET).flatMap((one) => (one.v("signatures") as Value[]).map((signed) => signed.signature));
  const named = [...sheets, ...about.objects.values()].map((data) => trust.namedIn(data)).filter((found) => found !== null);
  return new Map(named.map((found) => [hex(found.fingerprint), found.until]));
}
