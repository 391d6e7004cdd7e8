/** CMS detached signatures (RFC 5652) with P-256 certificates (twin of ledger/cms.py).
 *
 * Enters: data, a certificate and its non-extractable key. Leaves: DER that `openssl cms -verify` checks; and, reading,
 * the signer's certificate if the signature holds and a trusted root vouches for it at the given instant.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import * as asn1 from "asn1js";
import * as pki from "pkijs";
import { type Bytes, hex, same } from "./bytes.ts";
import { refuse } from "./refused.ts";

const DATA = "1.2.840.113549.1.7.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SHA256 = "2.16.840.1.101.3.4.2.1";
const P256 = "1.2.840.10045.3.1.7";
const SERIAL_NUMBER = "2.5.4.5";
const COMMON_NAME = "2.5.4.3";
const LONGEST = 65_536;

export type Certificate = pki.Certificate;

/** The certificate in DER; a `TypeError` or `Error` of the parser when it is none. */
export function readCertificate(der: Bytes): Certificate {
  return pki.Certificate.fromBER(der.buffer.slice(der.byteOffset, der.byteOffset + der.length));
}

export function derOf(certificate: Certificate): Bytes {
  return new Uint8Array(certificate.toSchema().toBER());
}

/** SHA-256 of the certificate's DER. */
export function fingerprint(certificate: Certificate): Bytes {
  return sha256(derOf(certificate)) as Bytes;
}

/** The values of one kind of name in a certificate's subject. */
function names(certificate: Certificate, kind: string): string[] {
  const found = certificate.subject.typesAndValues.filter((one) => one.type === kind);
  return found.map((one) => String(one.value.valueBlock.value));
}

/** The credit code of the organisation that a certificate was issued for, "" without one. */
export function creditCodeOf(certificate: Certificate): string {
  return names(certificate, SERIAL_NUMBER)[0] ?? "";
}

export function commonNames(certificate: Certificate): string[] {
  return names(certificate, COMMON_NAME);
}

export function hasSerialNumber(certificate: Certificate): boolean {
  return names(certificate, SERIAL_NUMBER).length > 0;
}

/** A detached, binary CMS signature over `data`, DER, carrying the certificate; made at `at` as the signer says. */
export async function sign(data: Bytes, certificate: Certificate, key: CryptoKey, at: Date): Promise<Bytes> {
  const info = new pki.SignerInfo({
    version: 1,
    sid: new pki.IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
  });
  info.signedAttrs = new pki.SignedAndUnsignedAttributes({ type: 0, attributes: attributesFor(data, at) });
  const signed = new pki.SignedData({
    version: 1,
    encapContentInfo: new pki.EncapsulatedContentInfo({ eContentType: DATA }),
    signerInfos: [info],
    certificates: [certificate],
  });
  await signed.sign(key, 0, "SHA-256");
  const content = new pki.ContentInfo({ contentType: pki.ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
  return new Uint8Array(content.toSchema().toBER());
}

/** What is signed, in the order that DER gives a set. */
function attributesFor(data: Bytes, at: Date): pki.Attribute[] {
  const attribute = (type: string, value: unknown): pki.Attribute => new pki.Attribute({ type, values: [value] });
  const all = [
    attribute(CONTENT_TYPE, new asn1.ObjectIdentifier({ value: DATA })),
    attribute(SIGNING_TIME, new asn1.UTCTime({ valueDate: at })),
    attribute(MESSAGE_DIGEST, new asn1.OctetString({ valueHex: sha256(data) as Bytes })),
  ];
  const der = (one: pki.Attribute): string => hex(new Uint8Array(one.toSchema().toBER()));
  return all.sort((left, right) => (der(left) < der(right) ? -1 : 1));
}

interface Signed {
  readonly certificate: Certificate;
  readonly info: pki.SignerInfo;
  readonly attributes: Bytes;
}

const malformed = (): never => refuse("signature.malformed");

function parse(signature: Bytes): Signed {
  if (signature.length > LONGEST) malformed();
  try {
    return takeApart(signature);
  } catch {
    return malformed();
  }
}

function takeApart(signature: Bytes): Signed {
  const read = asn1.fromBER(signature);
  if (read.offset !== signature.length) throw new RangeError("not one value");
  const content = new pki.ContentInfo({ schema: read.result });
  const signed = new pki.SignedData({ schema: content.content });
  const [info, ...others] = signed.signerInfos;
  if (content.contentType !== pki.ContentInfo.SIGNED_DATA || signed.encapContentInfo.eContent) throw new RangeError();
  const sid = info?.sid;
  if (!info?.signedAttrs || others.length > 0 || !(sid instanceof pki.IssuerAndSerialNumber)) throw new RangeError();
  const own = (signed.certificates ?? []).filter(
    (one): one is Certificate =>
      one instanceof pki.Certificate &&
      one.issuer.isEqual(sid.issuer) &&
      one.serialNumber.isEqual(sid.serialNumber),
  );
  const [certificate] = own;
  if (certificate === undefined || own.length > 1) throw new RangeError("no certificate of the signer");
  return { certificate, info, attributes: new Uint8Array(info.signedAttrs.encodedValue) };
}

/** The certificate that a signature carries for its signer, whatever it is worth. Refused signature.malformed. */
export function certificateIn(signature: Bytes): Certificate {
  return parse(signature).certificate;
}

/** The one value of a signed attribute, null when it stands there not at all or several times. */
function attribute(info: pki.SignerInfo, type: string): unknown {
  const found = info.signedAttrs?.attributes.filter((one) => one.type === type) ?? [];
  return found.length === 1 && found[0]?.values.length === 1 ? (found[0].values[0] as unknown) : null;
}

async function publicKey(certificate: Certificate): Promise<CryptoKey> {
  const curve = certificate.subjectPublicKeyInfo.algorithm.algorithmParams as unknown;
  if (!(curve instanceof asn1.ObjectIdentifier) || curve.valueBlock.toString() !== P256) refuse("signature.algorithm");
  const spki = certificate.subjectPublicKeyInfo.toSchema().toBER();
  try {
    return await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  } catch {
    return refuse("signature.algorithm");
  }
}

/** The two numbers of an ECDSA signature in DER as WebCrypto takes them: 32 bytes each; malformed ones are wrong. */
function plainSignature(der: ArrayBuffer): Bytes {
  const read = asn1.fromBER(der);
  const numbers = read.result instanceof asn1.Sequence ? read.result.valueBlock.value : [];
  const plain = new Uint8Array(64);
  if (numbers.length !== 2 || read.offset !== der.byteLength) refuse("signature.wrong");
  for (const [at, number] of numbers.entries()) {
    if (!(number instanceof asn1.Integer)) return refuse("signature.wrong");
    const value = number.toBigInt();
    if (value <= 0n || value >= 2n ** 256n) refuse("signature.wrong");
    const digits = value.toString(16).padStart(64, "0");
    plain.set(Uint8Array.from(digits.match(/../g) as string[], (pair) => Number.parseInt(pair, 16)), at * 32);
  }
  return plain;
}

async function checkSignature(data: Bytes, { certificate, info, attributes }: Signed): Promise<void> {
  const key = await publicKey(certificate);
  const kind = attribute(info, CONTENT_TYPE);
  const isData = kind instanceof asn1.ObjectIdentifier && kind.valueBlock.toString() === DATA;
  if (info.digestAlgorithm.algorithmId !== SHA256 || !isData) refuse("signature.algorithm");
  const digest = attribute(info, MESSAGE_DIGEST);
  const found = digest instanceof asn1.OctetString ? new Uint8Array(digest.valueBlock.valueHexView) : new Uint8Array();
  if (!same(found, sha256(data))) refuse("signature.other_data");
  const plain = plainSignature(info.signature.valueBlock.valueHexView.slice().buffer as ArrayBuffer);
  const scheme = { name: "ECDSA", hash: "SHA-256" };
  if (!(await crypto.subtle.verify(scheme, key, plain, attributes))) refuse("signature.wrong");
}

function isValid(certificate: Certificate, at: Date): boolean {
  return certificate.notBefore.value <= at && at <= certificate.notAfter.value;
}

/** Whether one of `roots` signed `certificate` and both are valid at `at`. */
export async function issuedBy(certificate: Certificate, roots: readonly Certificate[], at: Date): Promise<boolean> {
  for (const root of roots) {
    if (!isValid(root, at) || !certificate.issuer.isEqual(root.subject)) continue;
    if (await certificate.verify(root).catch(() => false)) return isValid(certificate, at);
  }
  return false;
}

/** The signer's certificate. Refused: signature.malformed, .algorithm, .other_data, .wrong, .untrusted. */
export async function verify(
  data: Bytes, signature: Bytes, roots: readonly Certificate[], at: Date,
): Promise<Certificate> {
  const signed = parse(signature);
  await checkSignature(data, signed);
  if (!(await issuedBy(signed.certificate, roots, at))) refuse("signature.untrusted");
  return signed.certificate;
}
