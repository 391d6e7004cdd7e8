/** A person's key as a file: PEM with a P-256 key (PKCS 8, in the clear or under a passphrase) and certificates.
 *
 * Enters: the texts of the chosen files, a passphrase. Leaves: a pen, whose key cannot be taken out of the browser
 * again, and further certificates, which are the authorities the person pinned at the enrolment.
 */
import * as asn1 from "asn1js";
import type { Bytes } from "./bytes.ts";
import { utf8 } from "./bytes.ts";
import { type Certificate, readCertificate, sign } from "./cms.ts";
import { refuse } from "./refused.ts";

export interface Pen {
  readonly key: CryptoKey;
  readonly certificate: Certificate;
}

export interface KeyFile {
  readonly pen: Pen;
  readonly roots: readonly Certificate[];
}

interface Block {
  readonly label: string;
  readonly der: Bytes;
}

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const HMAC_SHA256 = "1.2.840.113549.2.9";
const AES256_CBC = "2.16.840.1.101.3.4.1.42";
const MOST_ROUNDS = 10_000_000;

/** The blocks of PEM texts. */
export function pemBlocks(text: string): Block[] {
  const form = /-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]+)-----END \1-----/g;
  return [...text.matchAll(form)].map(([, label, body]) => {
    const packed = (body as string).replace(/\s+/g, "");
    if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return refuse("bidding.key_file_form");
    return { label: label as string, der: Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)) };
  });
}

/** Certificates in PEM text, in their order. */
export function readCertificates(text: string): Certificate[] {
  return pemBlocks(text).filter((block) => block.label === "CERTIFICATE").map((block) => certificateIn(block.der));
}

function certificateIn(der: Bytes): Certificate {
  try {
    return readCertificate(der);
  } catch {
    return refuse("bidding.key_file_form");
  }
}

/** Key and certificate out of `text` (one or several PEM files in a row). Refused `bidding.key_file_form`,
 * `.key_file_missing`, `.passphrase_missing`, `.passphrase_wrong`, `.key_kind`, `.other_key`. */
export async function readKeyFile(text: string, passphrase: string): Promise<KeyFile> {
  const secrets = pemBlocks(text).filter((block) => block.label.endsWith("PRIVATE KEY"));
  const certificates = readCertificates(text);
  const [secret] = secrets;
  if (secret === undefined || secrets.length > 1 || certificates.length === 0) return refuse("bidding.key_file_missing");
  const key = await importKey(secret, await pkcs8Of(secret, passphrase));
  const own: Certificate[] = [];
  for (const certificate of certificates) if (await belongs(key, certificate)) own.push(certificate);
  const [certificate] = own;
  if (certificate === undefined) return refuse("bidding.other_key");
  return { pen: { key, certificate }, roots: certificates.filter((one) => !own.includes(one)) };
}

async function pkcs8Of(block: Block, passphrase: string): Promise<Bytes> {
  if (block.label === "PRIVATE KEY") return block.der;
  if (block.label !== "ENCRYPTED PRIVATE KEY") return refuse("bidding.key_kind");
  if (passphrase === "") return refuse("bidding.passphrase_missing");
  const { salt, rounds, iv, sealed } = protectionOf(block.der);
  const held = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const derivation = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const key = await crypto.subtle.deriveKey(derivation, held, { name: "AES-CBC", length: 256 }, false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed));
  } catch {
    return refuse("bidding.passphrase_wrong");
  }
}

interface Protection {
  readonly salt: Bytes;
  readonly rounds: number;
  readonly iv: Bytes;
  readonly sealed: Bytes;
}

type Item = asn1.BaseBlock | undefined;

function items(value: Item): Item[] {
  return value instanceof asn1.Sequence ? value.valueBlock.value : [];
}

function octets(value: Item): Bytes {
  return value instanceof asn1.OctetString ? (value.valueBlock.valueHexView.slice() as Bytes) : refuse("bidding.key_kind");
}

function isKind(value: Item, kind: string): boolean {
  return value instanceof asn1.ObjectIdentifier && value.valueBlock.toString() === kind;
}

/** EncryptedPrivateKeyInfo under PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018): what the client writes. */
function protectionOf(der: Bytes): Protection {
  const [scheme, sealed] = items(asn1.fromBER(der).result);
  const [kind, parameters] = items(scheme);
  const [derivation, cipher] = items(parameters);
  const [derivationKind, derivationParameters] = items(derivation);
  const [salt, rounds, ...rest] = items(derivationParameters);
  const [cipherKind, iv] = items(cipher);
  const known =
    isKind(kind, PBES2) && isKind(derivationKind, PBKDF2) && isKind(cipherKind, AES256_CBC) &&
    isKind(items(rest.at(-1))[0], HMAC_SHA256) && rounds instanceof asn1.Integer;
  const count = known ? Number(rounds.toBigInt()) : 0;
  if (count < 1 || count > MOST_ROUNDS) return refuse("bidding.key_kind");
  return { salt: octets(salt), rounds: count, iv: octets(iv), sealed: octets(sealed) };
}

/** One wrong passphrase in 256 decrypts to something: what is no key then shows that it was wrong. */
async function importKey(block: Block, pkcs8: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  } catch {
    return refuse(block.label === "PRIVATE KEY" ? "bidding.key_kind" : "bidding.passphrase_wrong");
  }
}

/** Whether the certificate was issued for the key: a signature made by the one is checked with the other. */
async function belongs(key: CryptoKey, certificate: Certificate): Promise<boolean> {
  const probe = utf8("sunlight: does this certificate belong to this key?");
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, key, probe);
  const spki = certificate.subjectPublicKeyInfo.toSchema().toBER();
  try {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const held = await crypto.subtle.importKey("spki", spki, curve, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, held, signature, probe);
  } catch {
    return false; // a certificate for a key of another kind
  }
}

/** A detached CMS signature over `data` by `pen`. */
export function signWith(pen: Pen, data: Bytes, at: Date): Promise<Bytes> {
  return sign(data, pen.certificate, pen.key, at);
}
