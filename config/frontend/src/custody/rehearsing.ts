/** The rehearsal: an envelope that may be opened before the notice, to prove that the keys do (sealing.md).
 *
 * Enters: the site's facts of the rehearsal, the rehearsal's sheet as the custodian signed it; for the agent who seals
 * it, a pen. Leaves: a small sealed envelope; the share of one leaf with the statement to sign.
 */
import { generateX25519Identity } from "age-encryption";
import { bech32 } from "@scure/base";
import { collected } from "../seal/blobs.ts";
import { type Bytes, base64, hex, same, unbase64 } from "../seal/bytes.ts";
import { type Certificate, creditCodeOf, fingerprint } from "../seal/cms.ts";
import { type Pen, signWith } from "../seal/key_file.ts";
import { writeManifest } from "../seal/manifest.ts";
import { unwrap } from "../seal/opening.ts";
import { measure, pack } from "../seal/packing.ts";
import { publicKey } from "../seal/points.ts";
import { asksBidder, labels } from "../seal/policy.ts";
import { checkHeader } from "../seal/receiving.ts";
import { refuse } from "../seal/refused.ts";
import { seal } from "../seal/sealing.ts";
import { type CustodySheet, policyOf, readSheet, sheetDigest } from "../seal/sheet.ts";
import { checkSignedSheet } from "../seal/signed_sheet.ts";
import { type Batch, leafOf, pieceOf } from "./giving.ts";
import type { ShownSheet } from "./signing_sheets.ts";
import { makeStatement } from "./statements.ts";

const TOOL = "sunlight page 0.1.0";
const BIDDER = "b";

/** What `GET .../rehearsal` answers; bytes in base64. */
export interface RehearsalFacts {
  readonly tender: string;
  readonly sheet: string;
  readonly submission: string;
  readonly size: number;
  readonly header: string;
}

/** The share of the holder of `secret` in the rehearsal's envelope, for the rehearsal's sheet alone: no bid has round 0.
 * Refused `bidding.other_sheet_shown`, `.not_on_sheet`, `.leaf_closed`, and for the form of the header. */
export function giveRehearsal(facts: RehearsalFacts, signed: Bytes, secret: Bytes): Batch {
  const sheet = readSheet(signed);
  const [shown, header] = [unbase64(facts.sheet), unbase64(facts.header)];
  const isRehearsal = sheet.round === 0n && sheet.lot === facts.tender;
  if (shown === null || header === null || !same(shown, signed) || !isRehearsal) refuse("bidding.other_sheet_shown");
  const received = checkHeader(header as Bytes, sheet, facts.submission, facts.size);
  const index = leafOf(sheet, secret);
  const share = unwrap(received.opening, index, secret);
  const leaf = labels(policyOf(sheet))[index] as string;
  const pieces = [pieceOf(facts.submission, received, index, share)];
  const statement = makeStatement({ lot: sheet.lot, round: sheet.round, sheet: sheetDigest(sheet), leaf, pieces });
  return { leaf, shares: new Map([[facts.submission, share]]), statement };
}

export interface RehearsalJob {
  readonly shown: ShownSheet;
  readonly name: string;
  readonly pen: Pen;
  readonly roots: readonly Certificate[];
  readonly at: Date;
}

export interface RehearsalEnvelope {
  readonly envelope: string;
  readonly own_share?: string;
}

/** Seal a rehearsal's envelope as any bid is sealed, once every custodian has signed its sheet. */
export async function sealRehearsal({ shown, name, pen, roots, at }: RehearsalJob): Promise<RehearsalEnvelope> {
  const bytes = (packed: string): Bytes => unbase64(packed) ?? refuse("bidding.sheet_malformed");
  const signatures = new Map(Object.entries(shown.signatures).map(([label, packed]) => [label, bytes(packed)]));
  const sheet = await checkSignedSheet(bytes(shown.sheet), signatures, roots, at);
  if (sheet.round !== 0n || sheet.lot !== shown.lot) refuse("bidding.other_sheet");
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const own = asksBidder(policyOf(sheet)) ? await ownKey() : null;
  const files = [await measure("rehearsal.txt", new Blob([`${sheet.lot} ${at.toISOString()}\n`]), () => {})];
  const manifest = writeManifest({
    lot: sheet.lot, round: sheet.round, sheet: sheetDigest(sheet), submission: hex(salt),
    creditCode: creditCodeOf(pen.certificate), name, ownKey: own && publicKey(own), price: "0.01", items: [],
    files: files.map((one) => one.entry), tool: TOOL, maker: hex(fingerprint(pen.certificate)), time: at.toISOString(),
  });
  const content = pack(manifest, await signWith(pen, manifest, at), files);
  const sealed = await seal(content, sheet, salt, own && publicKey(own));
  const { blob } = await collected(sealed.blocks, sealed.size, () => {});
  const file = new Uint8Array(await blob.arrayBuffer());
  const share = own && ownShare(file, sheet, hex(salt), own);
  return { envelope: base64(file), ...(share && { own_share: base64(share) }) };
}

/** A key for the leaf `b` of one rehearsal, thrown away with the page. */
async function ownKey(): Promise<Bytes> {
  return bech32.decodeToBytes((await generateX25519Identity()).toLowerCase()).bytes as Bytes;
}

function ownShare(file: Bytes, sheet: CustodySheet, submission: string, own: Bytes): Bytes {
  const received = checkHeader(file.subarray(0, 8192), sheet, submission, file.length);
  return unwrap(received.opening, labels(policyOf(sheet)).indexOf(BIDDER), own);
}
