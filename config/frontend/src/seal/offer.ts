/** What a bidder offers and why it should not be sealed as it stands (twin of bidding/client/sealing.py).
 *
 * Enters: the site's facts of a lot, the fields of the form. Leaves: every reason at once.
 */
import { PRICE, isPlain } from "./manifest.ts";
import { checkDistinct, checkName } from "./names.ts";
import { type Reason, Refused } from "./refused.ts";

export const COVER_KEY = "cover.key";

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
  const reasons: Reason[] = files.length === 0 ? [{ code: "bidding.no_files" }] : [];
  const names = files.map((file) => file.name);
  for (const name of names) reasons.push(...refusalOf(() => checkName(name), { name }));
  reasons.push(...refusalOf(() => checkDistinct([...names, COVER_KEY]), {}));
  return reasons;
}

function refusalOf(check: () => unknown, facts: Record<string, string>): Reason[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof Refused) return error.codes.map((code) => ({ code, facts }));
    throw error;
  }
}
