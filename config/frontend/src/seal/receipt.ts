/** The receipt: a promise of the platform that anybody who holds it can check (twin of bidding/receipt.py).
 *
 * Enters: a receipt file (JSON), trusted roots. Leaves: what it says, once its record is canonical, its words are the
 * record's, its leaf follows from it, and the platform signed it.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, join, unbase64, utf8 } from "./bytes.ts";
import { type Codec, Malformed, Reader, bytes, commitment, decode, head, instant, list, optional, record, text, uint } from "./canon.ts";
import { type Certificate, commonNames, hasSerialNumber, verify } from "./cms.ts";
import { refuse } from "./refused.ts";

const FORMAT = "sunlight.receipt/1";
const SIGNER = "Sunlight receipts";
/** What a receipt file has beside the signed record, once it is there. */
const LATER: ReadonlySet<string> = new Set(["timestamp", "proof"]);

const receiptCodec = record<{ entry: Bytes; salt: Bytes }>(FORMAT, { entry: bytes, salt: bytes });
type Fields = Readonly<Record<string, Codec<unknown>>>;
const any = <T>(codec: Codec<T>): Codec<unknown> => codec as Codec<unknown>;
const LOT = { lot: any(text), round: any(uint), submission: any(text) };
const GIVEN = { stamp: any(instant), number: any(text) };

/** The inner entries that a receipt may hold: tag, kind, fields in their order (bidding/events.py). */
const ENTRIES: Readonly<Record<string, { kind: Kind; fields: Fields }>> = {
  "bidding:envelope:sealed": {
    kind: "sealed",
    fields: { ...LOT, digest: any(bytes), header: any(bytes), size: any(uint), ...GIVEN, replaces: any(optional(text)) },
  },
  "bidding:envelope:withdrawn": { kind: "withdrawn", fields: { ...LOT, ...GIVEN, withdraws: any(text) } },
  "bidding:envelope:refused": { kind: "refused", fields: { ...LOT, ...GIVEN, codes: any(list(text)) } },
  "bidding:withdrawal:refused": {
    kind: "not_withdrawn",
    fields: { ...LOT, ...GIVEN, withdraws: any(text), codes: any(list(text)) },
  },
};

export type Kind = "sealed" | "withdrawn" | "refused" | "not_withdrawn";
export type Says = Readonly<Record<string, unknown>>;

export interface Entry {
  readonly kind: Kind;
  readonly at: bigint;
  readonly values: Says;
}

export interface CheckedReceipt extends Entry {
  readonly leaf: Bytes;
  readonly signer: Certificate;
}

/** The inner entry in `data`: id and instant of the act, nobody's name, then its fields. */
export function readEntry(data: Bytes): Entry {
  const reader = new Reader(data);
  reader.expect(0x09);
  const known = ENTRIES[String.fromCharCode(...reader.block())];
  if (known === undefined) throw new Malformed("unknown event");
  const names = Object.keys(known.fields);
  if (reader.u32() !== names.length + 3) throw new Malformed("wrong number of fields");
  const [id, at, by] = [bytes.read(reader), instant.read(reader), optional(text).read(reader)];
  if (id.length !== 16 || by !== null) throw new Malformed("an entry id is 16 bytes, and an inner entry names nobody");
  const values = Object.fromEntries(names.map((name) => [name, known.fields[name]?.read(reader)]));
  reader.end();
  return { kind: known.kind, at, values };
}

/** The hash of the leaf that stands in the public log for a veiled entry. */
export function leafOf(entry: Uint8Array, salt: Uint8Array): Bytes {
  const committed = sha256(join(utf8("sunlight.veiled/1\0"), salt, entry)) as Bytes;
  return sha256(join(Uint8Array.of(0x00), head("ledger:veiled:added", 1), commitment.write(committed))) as Bytes;
}

/** Microseconds since 1970 as ISO 8601 in UTC with six places, as the twin writes them. */
export function isoInstant(microseconds: bigint): string {
  const whole = new Date(Number(microseconds / 1000n)).toISOString().slice(0, 19);
  return `${whole}.${String(microseconds % 1_000_000n).padStart(6, "0")}+00:00`;
}

function inPlain(name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (name === "stamp") return isoInstant(value as bigint);
  return typeof value === "bigint" ? Number(value) : value;
}

function plainSays(entry: Entry): Says {
  return Object.fromEntries(Object.entries(entry.values).map(([name, value]) => [name, inPlain(name, value)]));
}

const noReceipt = (): never => refuse("bidding.receipt_form");

/** What a receipt says. Refused: `bidding.receipt_form`, `.receipt_says`, `.receipt_signer`, `signature.*`. */
export async function checkReceipt(file: unknown, roots: readonly Certificate[]): Promise<CheckedReceipt> {
  if (typeof file !== "object" || file === null) return noReceipt();
  const given = file as Record<string, unknown>;
  const [signed, signature] = [given["record"], given["signature"]].map((one) =>
    typeof one === "string" ? unbase64(one) : null,
  );
  if (given["format"] !== FORMAT || !signed || !signature) return noReceipt();
  const { entry, leaf } = readRecord(signed);
  if (!saysTheSame(given, entry, leaf)) refuse("bidding.receipt_says");
  const signer = await verify(signed, signature, roots, new Date(Number(entry.at / 1000n)));
  if (commonNames(signer).join() !== SIGNER || hasSerialNumber(signer)) refuse("bidding.receipt_signer");
  return { ...entry, leaf, signer };
}

function readRecord(signed: Bytes): { entry: Entry; leaf: Bytes } {
  try {
    const receipt = decode(receiptCodec, signed);
    return { entry: readEntry(receipt.entry), leaf: leafOf(receipt.entry, receipt.salt) };
  } catch (error) {
    if (error instanceof Malformed) return noReceipt();
    throw error;
  }
}

function saysTheSame(given: Record<string, unknown>, entry: Entry, leaf: Bytes): boolean {
  const ordered = (says: unknown): string =>
    JSON.stringify(Object.entries((says ?? {}) as Says).sort(([left], [right]) => (left < right ? -1 : 1)));
  const names = Object.keys(given).filter((name) => !LATER.has(name)).sort().join();
  return (
    names === "format,kind,leaf,record,says,signature" &&
    given["kind"] === entry.kind &&
    given["leaf"] === hex(leaf) &&
    ordered(given["says"]) === ordered(plainSays(entry))
  );
}

export interface Sent {
  readonly lot: string;
  readonly submission: string;
  readonly size: number;
  readonly digest: string;
  readonly header: string;
}

/** Refused unless the receipt speaks of exactly this file. */
export function checkOwn(receipt: CheckedReceipt, sent: Sent): void {
  const says = plainSays(receipt);
  const expected = Object.entries(sent);
  if (receipt.kind !== "sealed" || expected.some(([name, value]) => says[name] !== value)) {
    refuse("bidding.other_receipt");
  }
}
