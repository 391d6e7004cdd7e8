/** Seal a package for a lot: one opening stanza, at most one for the bidder's own key, the payload (twin of sealing.py).
 *
 * Enters: a padded package, the custody sheet, the salt whose hex is the submission id. Leaves: the sealed file as
 * blocks. The header is written by age-encryption: it encrypts an empty file to a recipient that hands out the file key;
 * of that file only the header is kept, and the payload gets a nonce of its own (stack.md).
 */
import { Encrypter, Stanza as AgeStanza } from "age-encryption";
import type { Bytes } from "./bytes.ts";
import { checkMac, parseHeader, writeHeader } from "./header.ts";
import { build, stanzaOf } from "./opening.ts";
import { padded, sealedLength } from "./padding.ts";
import type { Package } from "./packing.ts";
import { sealPayload } from "./payload.ts";
import { recipientText } from "./points.ts";
import { refuse } from "./refused.ts";
import { type CustodySheet, leafKeys, policyOf, sheetDigest } from "./sheet.ts";

export interface SealedHeader {
  readonly header: Bytes;
  readonly fileKey: Bytes;
}

export interface Sealed {
  readonly header: Bytes;
  readonly size: number;
  readonly blocks: AsyncIterable<Bytes>;
}

/** A header for `sheet` with a fresh file key. `own` is the bidder's public key, asked for under a policy with `b`. */
export async function sealHeader(sheet: CustodySheet, salt: Bytes, own: Bytes | null = null): Promise<SealedHeader> {
  const keys = leafKeys(sheet, own);
  let kept: Bytes | null = null;
  const encrypter = new Encrypter();
  encrypter.addRecipient({
    wrapFileKey: (given) => {
      kept = given.slice() as Bytes;
      const stanza = stanzaOf(build(kept, salt, sheetDigest(sheet), policyOf(sheet), keys));
      return [new AgeStanza([stanza.kind, ...stanza.args], stanza.body)];
    },
  });
  if (own !== null) encrypter.addRecipient(recipientText(own));
  const parsed = parseHeader(await encrypter.encrypt(new Uint8Array()));
  if (kept === null) throw new Error("the library asked for no stanza");
  checkMac(parsed, kept);
  return { header: writeHeader(parsed), fileKey: kept };
}

async function* after(header: Bytes, payload: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  yield header;
  yield* payload;
}

/** The sealed file of `content`. Refused: a policy with `b` without `own`, a package that is not padded. */
export async function seal(content: Package, sheet: CustodySheet, salt: Bytes, own: Bytes | null = null): Promise<Sealed> {
  if (padded(content.length) !== content.length) refuse("bidding.unpadded");
  const { header, fileKey } = await sealHeader(sheet, salt, own);
  const size = header.length + sealedLength(content.length);
  return { header, size, blocks: after(header, sealPayload(content.blocks(), fileKey)) };
}
