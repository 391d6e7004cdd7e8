/** Look at what was sealed: open the own envelope with the own key, and check it as the opening will (twin of
 * bidding/client/looking.py, with its numbers). The own key is for looking: it rescues no opening.
 *
 * Enters: the sealed file, the own private key, the lot's sheet, trusted roots; the receipt if it is at hand. Leaves: what
 * was sealed, and any of its files.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { digestOf } from "./blobs.ts";
import { type Bytes, hex, join, same, utf8 } from "./bytes.ts";
import { type Certificate, creditCodeOf, verify } from "./cms.ts";
import { type Header, type Stanza, checkMac, decode64, derive } from "./header.ts";
import type { Manifest } from "./manifest.ts";
import { type OpenedPackage, openPackage } from "./opened_package.ts";
import { OpenedPayload } from "./opened_payload.ts";
import { build, readOpening, stanzaOf } from "./opening.ts";
import { publicKey, sharedSecret } from "./points.ts";
import { type Received, checkHeader } from "./receiving.ts";
import { type CheckedReceipt, checkOwn } from "./receipt.ts";
import { refuse } from "./refused.ts";
import { type CustodySheet, leafKeys, policyOf, sheetDigest } from "./sheet.ts";

const OWN = "X25519";
const LABEL = "age-encryption.org/v1/X25519";
const HEAD = 8192;

export interface Looked {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly file: OpenedPackage["file"];
}

export interface LookedAt {
  readonly file: Blob;
  readonly secret: Bytes;
  readonly sheet: CustodySheet;
  readonly roots: readonly Certificate[];
  readonly receipt: CheckedReceipt | null;
}

/** The file key in the stanza to the own key (C2SP age.md, X25519); null when it is to another. */
export function unwrapOwn(stanza: Stanza, secret: Bytes): Bytes | null {
  const share = decode64(stanza.args[0] ?? "");
  const key = derive(sharedSecret(secret, share), join(share, publicKey(secret)), utf8(LABEL));
  try {
    return chacha20poly1305(key, new Uint8Array(12)).decrypt(stanza.body) as Bytes;
  } catch {
    return null;
  }
}

function ownFileKey(header: Header, secret: Bytes): Bytes {
  for (const stanza of header.stanzas.filter((one) => one.kind === OWN)) {
    const fileKey = unwrapOwn(stanza, secret);
    if (fileKey !== null) {
      checkMac(header, fileKey);
      return fileKey;
    }
  }
  return refuse("bidding.no_match");
}

/** Which submission the header says it is: its salt. */
function submissionIn(prefix: Bytes): string {
  const first = new TextDecoder("latin1").decode(prefix).split("\n")[1] ?? "";
  const [, kind, ...args] = first.split(" ");
  return hex(decode64(kind === "sunlight.opening/1" ? (args[2] ?? "") : ""));
}

export async function look(at: LookedAt, passed: (done: number, total: number) => void): Promise<Looked> {
  const { file, secret, sheet, roots, receipt } = at;
  const total = 2 * file.size;
  let done = 0;
  const tell = (bytes: number): void => passed(Math.min((done += bytes), total), total);
  const digest = hex(await digestOf(file, (block) => tell(block.length)));
  const prefix = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const submission = submissionIn(prefix);
  const received = checkHeader(prefix, sheet, submission, file.size);
  const sent = { lot: sheet.lot, submission, size: file.size, digest, header: hex(received.digest) };
  if (receipt !== null) checkOwn(receipt, sent); // 1
  const fileKey = ownFileKey(received.header, secret); // 2
  const payload = await OpenedPayload.of(file, received.length, fileKey);
  const opened = await openPackage(payload, tell); // 6
  const { manifest } = opened;
  checkRebuilt(received, fileKey, sheet, manifest); // 3
  const signer = await verify(opened.manifestBytes, opened.signature, roots, new Date(manifest.time)); // 4
  if (creditCodeOf(signer) !== manifest.creditCode) refuse("bidding.other_certificate");
  checkManifest(manifest, sheet, submission); // 5
  return { manifest, digest, file: opened.file };
}

/** Refused unless the stanza that follows from the file key is the one in the header, byte for byte. */
function checkRebuilt({ header, opening }: Received, fileKey: Bytes, sheet: CustodySheet, manifest: Manifest): void {
  const policy = policyOf(sheet);
  const keys = leafKeys(sheet, manifest.ownKey);
  const rebuilt = stanzaOf(build(fileKey, opening.salt, sheetDigest(sheet), policy, keys));
  const found = stanzaOf(readOpening(header.stanzas[0] as Stanza));
  if (rebuilt.args.join(" ") !== found.args.join(" ") || !same(rebuilt.body, found.body)) refuse("bidding.dishonest_stanza");
}

function checkManifest(manifest: Manifest, sheet: CustodySheet, submission: string): void {
  if (manifest.lot !== sheet.lot || manifest.round !== sheet.round) refuse("bidding.manifest_lot");
  if (!same(manifest.sheet, sheetDigest(sheet))) refuse("bidding.manifest_sheet");
  if (manifest.submission !== submission) refuse("bidding.manifest_submission");
  const asks = policyOf(sheet).leaves.some((leaf) => leaf.label === "b");
  if ((manifest.ownKey !== null) !== asks) refuse("bidding.manifest_own_key");
}
