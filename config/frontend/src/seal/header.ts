/** The header of an age v1 file, read strictly (twin of bidding/envelope/header.py; C2SP age.md).
 *
 * Enters: the first bytes of a file, or stanzas. Leaves: a header that writes back to the very same bytes. Reading
 * stops at the limits of an envelope, before any arithmetic.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, base64, join, same, utf8 } from "./bytes.ts";
import { refuse } from "./refused.ts";

const VERSION_LINE = "age-encryption.org/v1";
const MOST = 8192;
const LONGEST_LINE = 1024;
const COLUMNS = 64;

export interface Stanza {
  readonly kind: string;
  readonly args: readonly string[];
  readonly body: Bytes;
}

export interface Header {
  readonly stanzas: readonly Stanza[];
  readonly mac: Bytes;
}

/** HKDF-SHA-256 (RFC 5869). */
export function derive(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length = 32): Bytes {
  return hkdf(sha256, ikm, salt, info, length) as Bytes;
}

/** Base64 without padding. */
export function encode64(data: Uint8Array): string {
  return base64(data).replace(/=+$/, "");
}

/** Bytes of unpadded base64; refused: foreign letters, padding, bits that are not zero. */
export function decode64(text: string): Bytes {
  if (/^[A-Za-z0-9+/]*$/.test(text) && text.length % 4 !== 1) {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (encode64(data) === text) return data;
  }
  return refuse("bidding.base64");
}

function writeStanza(stanza: Stanza): string {
  const body = encode64(stanza.body);
  const lines = [["->", stanza.kind, ...stanza.args].join(" ")];
  for (let at = 0; at <= body.length; at += COLUMNS) lines.push(body.slice(at, at + COLUMNS));
  return `${lines.join("\n")}\n`;
}

/** What the MAC is over: version line, stanzas, `---`. */
function covered(stanzas: readonly Stanza[]): Bytes {
  return utf8(`${VERSION_LINE}\n${stanzas.map(writeStanza).join("")}---`);
}

export function macOf(fileKey: Uint8Array, stanzas: readonly Stanza[]): Bytes {
  return hmac(sha256, derive(fileKey, new Uint8Array(), utf8("header")), covered(stanzas)) as Bytes;
}

/** Refused unless `fileKey` is the key this header was written with. */
export function checkMac(header: Header, fileKey: Uint8Array): void {
  if (!same(header.mac, macOf(fileKey, header.stanzas))) refuse("bidding.mac_wrong");
}

/** All bytes of a header through the LF after the MAC. */
export function writeHeader(header: Header): Bytes {
  return join(covered(header.stanzas), utf8(` ${encode64(header.mac)}\n`));
}

class Lines {
  private at = 0;
  constructor(private readonly data: Uint8Array) {}

  read(): string {
    const allowed = Math.min(LONGEST_LINE, MOST - this.at);
    const piece = this.data.subarray(this.at, this.at + allowed);
    const end = piece.indexOf(0x0a);
    if (end < 0) return refuse(piece.length === allowed ? "bidding.header_too_long" : "bidding.header_cut");
    this.at += end + 1;
    return String.fromCharCode(...piece.subarray(0, end));
  }
}

/** The header at the start of `data`; what follows it is not looked at. */
export function parseHeader(data: Uint8Array): Header {
  const lines = new Lines(data);
  checkVersion(lines.read());
  const stanzas: Stanza[] = [];
  let line = lines.read();
  for (; line.startsWith("-> "); line = lines.read()) stanzas.push(readStanza(line, lines));
  const mac = line.startsWith("--- ") ? decode64(line.slice(4)) : new Uint8Array();
  if (mac.length !== 32) refuse("bidding.mac_line");
  if (stanzas.length === 0) refuse("bidding.no_stanza");
  return { stanzas, mac };
}

function checkVersion(line: string): void {
  if (line === VERSION_LINE) return;
  if (line === `${VERSION_LINE}\r`) refuse("bidding.crlf");
  if (line.startsWith("-----BEGIN AGE")) refuse("bidding.armored");
  refuse("bidding.not_age");
}

function readStanza(line: string, lines: Lines): Stanza {
  const [kind, ...args] = line.slice(3).split(" ") as [string, ...string[]];
  if (![kind, ...args].every((word) => /^[\x21-\x7e]+$/.test(word))) refuse("bidding.stanza_words");
  let body = "";
  for (;;) {
    const text = lines.read();
    if (text.length > COLUMNS || text.startsWith("-")) refuse("bidding.stanza_body");
    body += text;
    if (text.length < COLUMNS) return { kind, args, body: decode64(body) };
  }
}
