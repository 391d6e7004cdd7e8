/** The bidder's share of the own envelope at the opening, under a policy with `b` (twin of bidding/client/own_share.py).
 *
 * Enters: what the site shows of the own envelope, the own private key, the receipt if it is at hand. Leaves: the share of
 * 16 bytes. Only the own leaf is decrypted; the file key stays unknown until enough custodians have come.
 */
import { type Bytes, hex, unbase64 } from "./bytes.ts";
import { unwrap } from "./opening.ts";
import { checkHeader } from "./receiving.ts";
import type { CheckedReceipt } from "./receipt.ts";
import { refuse } from "./refused.ts";
import { policyOf, readSheet } from "./sheet.ts";

export interface ShareFacts {
  readonly lot: string;
  readonly receipt: string;
  readonly submission: string;
  readonly size: number;
  readonly header: string;
  readonly sheet: string;
  readonly until: string | null;
  readonly given: boolean;
  readonly open: boolean;
}

export function ownShare(facts: ShareFacts, secret: Bytes, receipt: CheckedReceipt | null): Bytes {
  const bytes = (text: string): Bytes => unbase64(text) ?? refuse("bidding.header_cut");
  const sheet = readSheet(bytes(facts.sheet));
  const received = checkHeader(bytes(facts.header), sheet, facts.submission, facts.size);
  if (receipt !== null) {
    const { header, number } = receipt.values;
    const its = header instanceof Uint8Array ? hex(header) : "";
    if (its !== hex(received.digest) || number !== facts.receipt) refuse("bidding.other_receipt");
  }
  const index = policyOf(sheet).leaves.findIndex((leaf) => leaf.label === "b");
  if (index < 0) refuse("bidding.no_window");
  return unwrap(received.opening, index, secret);
}
