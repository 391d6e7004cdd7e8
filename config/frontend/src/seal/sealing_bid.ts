/** Seal a bid on the bidder's own machine: check everything first, trust nothing the site says unsigned (sealing.md).
 *
 * Enters: the site's facts of a lot, an offer, the bidder's pen, trusted roots, the own clock. Leaves: the sealed file
 * as a Blob with its digests, and the sealed cover. Nothing in it can be read by whoever holds only the file.
 */
import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { type Bytes, hex, unbase64 } from "./bytes.ts";
import { type Certificate, creditCodeOf, fingerprint, issuedBy } from "./cms.ts";
import { type Pen, signWith } from "./key_file.ts";
import { type FileEntry, type Manifest, writeManifest } from "./manifest.ts";
import { COVER_KEY, type Desk, type Offer, offerBlockers } from "./offer.ts";
import { checkHeader } from "./receiving.ts";
import { Refused, refuse } from "./refused.ts";
import { type Watch, sealFiles } from "./sealing_files.ts";
import type { Named } from "./sealing_in_memory.ts";
import { type CustodySheet, policyOf, sheetDigest } from "./sheet.ts";
import { checkSignedSheet } from "./signed_sheet.ts";

const TOOL = "sunlight page 0.1.0";
const DAYS = "days";

export interface Job {
  readonly desk: Desk;
  readonly offer: Offer;
  readonly pen: Pen;
  readonly roots: readonly Certificate[];
  readonly at: Date;
}

export interface SealedBid {
  readonly file: Blob;
  readonly cover: Bytes | null;
  readonly lot: string;
  readonly submission: string;
  readonly digest: string;
  readonly header: string;
  readonly size: number;
}

/** The custody sheet of the lot, from the bytes that every custodian signed and from nothing else. */
export async function signedSheetOf(desk: Desk, roots: readonly Certificate[], at: Date): Promise<CustodySheet> {
  if (desk.sheet === null) return refuse("bidding.no_sheet_in_force");
  const bytes = (text: string): Bytes => unbase64(text) ?? refuse("bidding.sheet_malformed");
  const signatures = new Map(Object.entries(desk.sheet.signatures).map(([label, text]) => [label, bytes(text)]));
  const sheet = await checkSignedSheet(bytes(desk.sheet.sheet), signatures, roots, at);
  if (sheet.lot !== desk.lot || sheet.round !== BigInt(desk.round)) refuse("bidding.other_sheet");
  return sheet;
}

/** Refused unless the pen is the bidder's, by a certificate that somebody trusted issued and that is valid now. */
export async function checkPen(pen: Pen, desk: Desk, roots: readonly Certificate[], at: Date): Promise<void> {
  if (creditCodeOf(pen.certificate) !== desk.credit_code) refuse("bidding.other_certificate");
  if (!(await issuedBy(pen.certificate, roots, at))) refuse("signature.untrusted");
}

/** The cover sealed to a key of one use, and the text of that key, which travels in the bid. */
async function sealCover(cover: Blob): Promise<{ sealed: Bytes; key: Blob }> {
  const identity = await generateX25519Identity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const sealed = (await encrypter.encrypt(new Uint8Array(await cover.arrayBuffer()))) as Bytes;
  return { sealed, key: new Blob([`${identity}\n`]) };
}

/** Seal `offer`. Refused with every reason. `watch` hears how far it is. */
export async function sealBid(job: Job, watch: Watch): Promise<SealedBid> {
  const { desk, offer, pen, roots, at } = job;
  const reasons = offerBlockers(offer, desk);
  if (reasons.length > 0) throw new Refused(reasons);
  await checkPen(pen, desk, roots, at);
  const sheet = await signedSheetOf(desk, roots, at);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const cover = offer.cover === null ? null : await sealCover(offer.cover);
  const author = {
    write: (entries: readonly FileEntry[]) => writeManifest(manifestOf(job, sheet, hex(salt), entries)),
    sign: (manifest: Bytes) => signWith(pen, manifest, at),
  };
  const { blob: file, digest } = await sealFiles(
    filesOf(offer, cover?.key ?? null), { sheet, salt, own: offer.own ?? null }, author, watch,
  );
  const { size } = file;
  const prefix = new Uint8Array(await file.slice(0, 8192).arrayBuffer());
  const received = checkHeader(prefix, sheet, hex(salt), size);
  return {
    file,
    cover: cover?.sealed ?? null,
    lot: desk.lot,
    submission: hex(salt),
    digest: hex(digest),
    header: hex(received.digest),
    size,
  };
}

function filesOf(offer: Offer, coverKey: Blob | null): Named[] {
  const files: Named[] = offer.files.map((file) => ({ name: file.name, blob: file }));
  return coverKey === null ? files : [...files, { name: COVER_KEY, blob: coverKey }];
}

function manifestOf({ desk, offer, pen, at }: Job, sheet: CustodySheet, submission: string, files: readonly FileEntry[]): Manifest {
  return {
    lot: sheet.lot,
    round: sheet.round,
    sheet: sheetDigest(sheet),
    submission,
    creditCode: desk.credit_code,
    name: desk.name,
    ownKey: policyOf(sheet).leaves.some((leaf) => leaf.label === "b") ? (offer.own ?? refuse("bidding.own_key_missing")) : null,
    price: offer.price,
    items: [{ name: DAYS, value: offer.days }, ...offer.items],
    files,
    tool: TOOL,
    maker: hex(fingerprint(pen.certificate)),
    time: at.toISOString(),
  };
}
