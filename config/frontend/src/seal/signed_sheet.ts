/** A custody sheet with the custodians' signatures: what is checked before anything is sealed (twin of signed_sheet.py).
 *
 * Enters: the canonical bytes of a sheet, one CMS signature a leaf, trusted roots, an instant. Leaves: the sheet, once
 * every custodian has signed the whole of it with the certificate that stands in it.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, same } from "./bytes.ts";
import { type Certificate, creditCodeOf, fingerprint, verify } from "./cms.ts";
import { refuse } from "./refused.ts";
import { type CustodySheet, type LeafKey, readSheet } from "./sheet.ts";

export async function checkSignedSheet(
  data: Bytes, signatures: ReadonlyMap<string, Bytes>, roots: readonly Certificate[], at: Date,
): Promise<CustodySheet> {
  const sheet = readSheet(data);
  const signed = sheet.leaves.every((leaf) => signatures.has(leaf.label)) && signatures.size === sheet.leaves.length;
  if (!signed) refuse("bidding.sheet_unsigned");
  for (const leaf of sheet.leaves) {
    checkSigner(leaf, await verify(data, signatures.get(leaf.label) as Bytes, roots, at));
  }
  return sheet;
}

function checkSigner(leaf: LeafKey, certificate: Certificate): void {
  if (!same(fingerprint(certificate), leaf.certificate) || creditCodeOf(certificate) !== leaf.holder) {
    refuse("bidding.sheet_signer");
  }
}

/** The first 128 bits of a digest in groups of four, to be read aloud and compared. */
export function groups(digest: Uint8Array): string {
  return (hex(digest).slice(0, 32).match(/.{4}/g) ?? []).join(" ");
}

/** The fingerprint of a public key in such groups. */
export function keyWords(key: Uint8Array): string {
  return groups(sha256(key));
}
