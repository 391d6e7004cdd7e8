/** What this browser remembers of a custodian's work: which sheets were signed for a lot, and which log and
 * which witnesses were believed.
 *
 * Enters: digests and public keys; nothing secret. Leaves: the same at the opening, so that a sheet that was never signed
 * or another log is noticed. On another machine nothing is remembered: then the own signature is the proof.
 */
import { refuse } from "../seal/refused.ts";

/** Digests of sheets in hex, the log's verifier key, the text of the witness policy ("" for none). */
export interface Remembered {
  readonly sheets: readonly string[];
  readonly log: string;
  readonly witnesses: string;
}

export type Shelf = Pick<Storage, "getItem" | "setItem">;

const place = (lot: string, round: bigint): string => `sunlight custody ${lot} ${round}`;

/** The browser's own shelf, or one that keeps nothing where the browser has none. */
export function browserShelf(): Shelf {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}

/** Note that the sheet `digest` was signed for a lot while this log and these witnesses were believed. */
export function remember(
  shelf: Shelf, lot: string, round: bigint, digest: string, { log, witnesses }: { log: string; witnesses: string },
): void {
  const before = recall(shelf, lot, round)?.sheets ?? [];
  const sheets = [...new Set([...before, digest])];
  try {
    shelf.setItem(place(lot, round), JSON.stringify({ sheets, log, witnesses }));
  } catch {
    // A full shelf: the own signature is the proof.
  }
}

export function recall(shelf: Shelf, lot: string, round: bigint): Remembered | null {
  try {
    const kept = JSON.parse(shelf.getItem(place(lot, round)) ?? "{}") as Partial<Remembered>;
    const { sheets, log, witnesses = "" } = kept;
    const whole = Array.isArray(sheets) && [...sheets, log, witnesses].every((one) => typeof one === "string");
    return whole && log !== undefined ? { sheets, log, witnesses } : null;
  } catch {
    return null;
  }
}

/** Refused `bidding.sheet_not_signed`, `bidding.other_log` when what is shown is not what was signed and believed. */
export function compare(remembered: Remembered | null, digest: string, log: string): void {
  if (remembered === null) return;
  if (!remembered.sheets.includes(digest)) refuse("bidding.sheet_not_signed");
  if (remembered.log !== log) refuse("bidding.other_log");
}

/** What the custodian agreed to when registering a key for a tender: the leaf, and the policy as it was then. */
export interface Kept {
  readonly label: string;
  readonly policy: string;
}

const agreement = (tender: string, key: string): string => `sunlight custody ${tender} ${key}`;

export function rememberLeaf(shelf: Shelf, tender: string, key: string, kept: Kept): void {
  try {
    shelf.setItem(agreement(tender, key), JSON.stringify(kept));
  } catch {
    // What is shown before signing is then the only guard.
  }
}

export function recallLeaf(shelf: Shelf, tender: string, key: string): Kept | null {
  try {
    const { label, policy } = JSON.parse(shelf.getItem(agreement(tender, key)) ?? "{}") as Partial<Kept>;
    return typeof label === "string" && typeof policy === "string" ? { label, policy } : null;
  } catch {
    return null;
  }
}

/** Refused `bidding.policy_changed`, `.sheet_not_mine` when leaf or policy are no longer those of the registration. */
export function compareLeaf(kept: Kept | null, label: string, policy: string): void {
  if (kept === null) return;
  if (kept.policy !== policy) refuse("bidding.policy_changed");
  if (kept.label !== label) refuse("bidding.sheet_not_mine");
}
