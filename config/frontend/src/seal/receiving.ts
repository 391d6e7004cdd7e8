/** What the site checks of a sealed file as soon as its header is in (twin of bidding/envelope/receiving.py): the page
 * checks its own work by it before anything is sent. Enters: first bytes, sheet, submission id, size. Leaves: the header. */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, same } from "./bytes.ts";
import { type Header, type Stanza, decode64, parseHeader, writeHeader } from "./header.ts";
import { KIND, type Opening, readOpening, submissionOf } from "./opening.ts";
import { packageLength } from "./padding.ts";
import { checkPoint } from "./points.ts";
import { refuse } from "./refused.ts";
import { type CustodySheet, sheetDigest } from "./sheet.ts";

export interface Received {
  readonly header: Header;
  readonly opening: Opening;
  readonly length: number;
  readonly digest: Bytes;
  readonly packageLength: number;
}

export function checkHeader(prefix: Uint8Array, sheet: CustodySheet, submission: string, size: number): Received {
  const header = parseHeader(prefix);
  const opening = checkProfile(header.stanzas);
  if (!same(opening.sheet, sheetDigest(sheet))) refuse("bidding.other_sheet");
  if (opening.policy.text !== sheet.policy) refuse("bidding.other_policy");
  if (submissionOf(opening) !== submission) refuse("bidding.other_submission");
  const data = writeHeader(header);
  const { length } = data;
  return { header, opening, length, digest: sha256(data) as Bytes, packageLength: packageLength(size, length) };
}

/** Exactly one opening stanza, first, and at most one X25519 stanza to the bidder's own key. */
function checkProfile(stanzas: readonly Stanza[]): Opening {
  const [first, ...rest] = stanzas as [Stanza, ...Stanza[]];
  const count = (kind: string): number => stanzas.filter((one) => one.kind === kind).length;
  if (count(KIND) > 1) refuse("bidding.second_opening");
  if (count("X25519") > 1) refuse("bidding.second_own_key");
  if (count(KIND) + count("X25519") < stanzas.length) refuse("bidding.foreign_stanza");
  const opening = readOpening(first);
  for (const own of rest) {
    if (own.args.length !== 1 || own.body.length !== 32) refuse("bidding.x25519_stanza");
    checkPoint(decode64(own.args[0] as string));
  }
  return opening;
}
