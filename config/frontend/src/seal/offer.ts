/** What a bidder offers and why it should not be sealed as it stands (twin of bidding/client/sealing.py).
 *
 * Enters: the site's facts of a lot, the fields of the form. Leaves: every reason at once.
 */
import type { Paper } from "../preflight/finding.ts";
import { checkNames } from "../preflight/names.ts";
import type { Bytes } from "./bytes.ts";
import { PRICE, isPlain } from "./manifest.ts";
import type { Reason } from "./refused.ts";

export { COVER_KEY } from "../preflight/names.ts";

/** A lot as the bid desk tells it (bidding/desk.py). */
export interface Desk {
  readonly lot: string;
  readonly title: string;
  readonly round: number;
  readonly stage: string;
  readonly deadline: string | null;
  readonly ceiling: string | null;
  readonly bond: string;
  readonly credit_code: string;
  readonly name: string;
  readonly sheet: DeskSheet | null;
  readonly papers?: readonly Paper[];
}

export interface DeskSheet {
  readonly sheet: string;
  readonly digest: string;
  readonly leaves: ReadonlyArray<{ readonly label: string; readonly name: string }>;
  readonly signatures: Readonly<Record<string, string>>;
}

/** Price in yuan as text, days, further quoted lines, files, and the cover where the lot asks for a bond. */
export interface Offer {
  readonly price: string;
  readonly days: string;
  readonly items: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly files: readonly File[];
  readonly cover: Blob | null;
  /** The bidder's own public key: whoever holds the private one can look at what was sealed. */
  readonly own?: Bytes | null;
}

/** Fen, of a price in yuan with at most two places. */
export function fen(price: string): bigint {
  const [yuan, rest = ""] = price.split(".");
  return BigInt(yuan as string) * 100n + BigInt(rest.padEnd(2, "0"));
}

export function offerBlockers(offer: Offer, desk: Desk): Reason[] {
  const reasons: Reason[] = [];
  const { ceiling } = desk;
  if (!PRICE.test(offer.price)) reasons.push({ code: "bidding.price" });
  else if (ceiling !== null && fen(offer.price) > fen(ceiling)) {
    reasons.push({ code: "bidding.above_ceiling", facts: { ceiling } });
  }
  if (!/^[1-9][0-9]{0,4}$/.test(offer.days)) reasons.push({ code: "bidding.days" });
  if (offer.items.some(({ name, value }) => !isPlain(name) || !isPlain(value))) reasons.push({ code: "bidding.item" });
  reasons.push(...fileBlockers(offer.files));
  if (fen(desk.bond) > 0n && offer.cover === null) reasons.push({ code: "bidding.cover_missing" });
  return reasons;
}

function fileBlockers(files: readonly File[]): Reason[] {
  return checkNames(files).map(({ code, file, facts }) => ({ code, facts: file === "" ? facts : { ...facts, name: file } }));
}
