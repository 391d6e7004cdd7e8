/** An envelope opened again from the custodians' shares, step by step as the house had to (docs/checks.md, 37).
 *
 * Enters: the sealed bytes, the receipt, the sheet, shares by leaf. Leaves: the manifest and the key of the cover, or whose
 * failure it is, with its code. Bytes that are not the receipt's are the platform's failure, whatever else is wrong.
 */
import { type Bytes, join, same } from "../seal/bytes.ts";
import { checkMac } from "../seal/header.ts";
import type { Manifest } from "../seal/manifest.ts";
import { type OpenedPackage, openPackage } from "../seal/opened_package.ts";
import { OpenedPayload } from "../seal/opened_payload.ts";
import { build, combine, stanzaOf } from "../seal/opening.ts";
import { asksBidder } from "../seal/policy.ts";
import { type Received, checkHeader } from "../seal/receiving.ts";
import { Refused, refuse } from "../seal/refused.ts";
import { type CustodySheet, leafKeys, policyOf, sheetDigest } from "../seal/sheet.ts";
import { REGISTERED } from "./belonging.ts";
import { type Case, type Happened, digestOf } from "./case.ts";
import type { Trust } from "./trust.ts";

export const HEADER = 8192;
const KEY_FILE = "cover.key";
const LONGEST_KEY = 200;
/** A package may be packed in other ways than this program reads; then it has no verdict of its own. */
const OTHER_FORM = "bidding.package_form";

export type Opened =
  | { readonly kind: "opened"; readonly manifest: Manifest; readonly coverKey: Bytes | null }
  | { readonly kind: "failed"; readonly code: string; readonly side: string }
  | { readonly kind: "unread" };

export async function unseal(about: Case, trust: Trust, sealed: Happened, sheet: CustodySheet, shares: ReadonlyMap<number, Bytes>, data: Bytes): Promise<Opened> {
  if (!same(digestOf(data), sealed.v("digest")) || BigInt(data.length) !== sealed.v("size")) return stored();
  try {
    const received = checkHeader(data.subarray(0, HEADER), sheet, sealed.v("submission"), data.length);
    if (!same(received.digest, sealed.v("header"))) return stored();
    return await open(about, trust, sealed, sheet, shares, data, received);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const code = error.codes[0] as string;
    return code === OTHER_FORM ? { kind: "unread" } : { kind: "failed", code, side: "bidder" };
  }
}

function stored(): Opened {
  return { kind: "failed", code: "bidding.stored_differs", side: "platform" };
}

async function open(
  about: Case, trust: Trust, sealed: Happened, sheet: CustodySheet, shares: ReadonlyMap<number, Bytes>, data: Bytes, received: Received,
): Promise<Opened> {
  const policy = policyOf(sheet);
  const fileKey = combine(policy, shares);
  checkMac(received.header, fileKey);
  if (!asksBidder(policy)) checkRebuilt(received, fileKey, sheet, null);
  const opened = await openPackage(await OpenedPayload.of(new Blob([data]), received.length, fileKey));
  const { manifest } = opened;
  checkManifest(manifest, sheet, sealed.v("submission"));
  if (asksBidder(policy)) checkRebuilt(received, fileKey, sheet, manifest.ownKey);
  const signer = await trust.signer(opened.manifestBytes, opened.signature, sealed.v("stamp"));
  if (!about.has(REGISTERED, { credit_code: manifest.creditCode })) refuse("bidding.unknown_party");
  if (signer.creditCode !== manifest.creditCode) refuse("signature.not_yours");
  return { kind: "opened", manifest, coverKey: await coverKeyIn(opened) };
}

/** Refused unless the stanza that follows from the file key is the one in the header, byte for byte. */
function checkRebuilt({ opening }: Received, fileKey: Bytes, sheet: CustodySheet, ownKey: Bytes | null): void {
  const [made, found] = [stanzaOf(build(fileKey, opening.salt, sheetDigest(sheet), policyOf(sheet), leafKeys(sheet, ownKey))), stanzaOf(opening)];
  if (made.args.join(" ") !== found.args.join(" ") || !same(made.body, found.body)) refuse("bidding.dishonest_stanza");
}

function checkManifest(manifest: Manifest, sheet: CustodySheet, submission: string): void {
  if (manifest.lot !== sheet.lot || manifest.round !== sheet.round) refuse("bidding.manifest_lot");
  if (!same(manifest.sheet, sheetDigest(sheet))) refuse("bidding.manifest_sheet");
  if (manifest.submission !== submission) refuse("bidding.manifest_submission");
  if ((manifest.ownKey !== null) !== asksBidder(policyOf(sheet))) refuse("bidding.manifest_own_key");
}

async function coverKeyIn({ manifest, file }: OpenedPackage): Promise<Bytes | null> {
  const entry = manifest.files.find((one) => one.name === KEY_FILE);
  if (entry === undefined || entry.size > LONGEST_KEY) return null;
  const pieces: Bytes[] = [];
  for await (const piece of file(KEY_FILE)) pieces.push(piece);
  return join(...pieces);
}
