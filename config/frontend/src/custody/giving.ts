/** A custodian's client at the opening: check everything, then decrypt the own leaf of every bid (twin of giving.py).
 *
 * Enters: what the site says of a lot's counted bids, the sheet the custodian signed, the own clock, the log's key; and,
 * only when all of that holds, the private key. Leaves: a share or null for each receipt number, and the statement.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, same, unbase64 } from "../seal/bytes.ts";
import { Malformed, Reader, bytes, decode, instant, list, optional, record, text, uint } from "../seal/canon.ts";
import { commitment, context, unwrap } from "../seal/opening.ts";
import { publicKey } from "../seal/points.ts";
import { type Received, checkHeader } from "../seal/receiving.ts";
import { Refused, refuse } from "../seal/refused.ts";
import { type CustodySheet, policyOf, readSheet, sheetDigest } from "../seal/sheet.ts";
import { included, leafHash, readNote } from "./log.ts";
import { type Piece, makeStatement } from "./statements.ts";
import { checkWitnesses, readPolicy } from "./witnesses.ts";

/** What `GET .../headers` answers; bytes in base64. */
export interface HeaderFacts {
  readonly lot: string;
  readonly least: number;
  readonly sheet: string;
  readonly closing: {
    readonly leaf: string;
    readonly index: number;
    readonly size: number;
    readonly path: readonly string[];
    readonly checkpoint: string;
    readonly listed?: string;
  };
  readonly envelopes: ReadonlyArray<{
    readonly receipt: string;
    readonly submission: string;
    readonly size: number;
    readonly header: string;
  }>;
}

interface Closed {
  readonly number: string;
  readonly digest: Bytes;
  readonly header: Bytes;
}

interface Closing {
  readonly lot: string;
  readonly round: bigint;
  readonly deadline: bigint;
  readonly envelopes: readonly Closed[];
}

/** What has been checked and may be decrypted. */
export interface Checked {
  readonly sheet: CustodySheet;
  readonly deadline: bigint;
  readonly headers: ReadonlyMap<string, Received>;
}

export interface Batch {
  readonly leaf: string;
  readonly shares: ReadonlyMap<string, Bytes | null>;
  readonly statement: Bytes;
}

const LOT_CLOSED = "bidding:lot:closed";
const closed = list(record<Closed>("sunlight.closed/1", { number: text, digest: bytes, header: bytes }));
const STAMPED = 3;
const FIELDS = 6;

interface Count {
  readonly lot: string;
  readonly round: bigint;
  readonly envelopes: readonly Closed[];
}
const listOfMany = record<Count>("sunlight.count/1", { lot: text, round: uint, envelopes: closed });

function unpacked(value: unknown): Bytes {
  return (typeof value === "string" ? unbase64(value) : null) ?? refuse("bidding.headers_form");
}

/** The closing entry in `leaf`; null for an entry of another kind. */
function readClosing(leaf: Bytes, listed: Bytes): Closing | null {
  const reader = new Reader(leaf);
  reader.expect(0x09);
  if (String.fromCharCode(...reader.block()) !== LOT_CLOSED) return null;
  if (reader.u32() !== STAMPED + FIELDS) throw new Malformed("wrong number of fields");
  if (bytes.read(reader).length !== 16) throw new Malformed("an entry id is 16 bytes");
  instant.read(reader);
  optional(text).read(reader);
  const found = { lot: text.read(reader), round: uint.read(reader), deadline: instant.read(reader) };
  const count = uint.read(reader);
  const inline = closed.read(reader);
  const digest = optional(bytes).read(reader);
  reader.end();
  const envelopes = digest === null ? inline : manyOf(found, inline, digest, listed);
  if (count !== BigInt(envelopes.length)) throw new Malformed("another count");
  return { ...found, envelopes };
}

/** The envelopes of a long count, from the list that the closing entry names by its digest. */
function manyOf(
  of: { readonly lot: string; readonly round: bigint }, inline: readonly Closed[], digest: Bytes, listed: Bytes,
): readonly Closed[] {
  if (inline.length > 0 || !same(sha256(listed), digest)) refuse("bidding.other_closing");
  const found = decode(listOfMany, listed);
  return found.lot === of.lot && found.round === of.round ? found.envelopes : refuse("bidding.other_closing");
}

/** The closing entry, once it is proved to be in the log. */
function provedClosing(shown: HeaderFacts["closing"], logKey: Bytes): Closing | null {
  const [leaf, path] = [unpacked(shown.leaf), shown.path.map(unpacked)];
  const point = readNote(shown.checkpoint, logKey);
  const proved =
    point !== null && point.size === shown.size && included(leafHash(leaf), shown.index, shown.size, path, point.root);
  if (!proved) refuse("bidding.closing_not_proved");
  try {
    return readClosing(leaf, unpacked(shown.listed ?? ""));
  } catch (error) {
    if (error instanceof Malformed) return refuse("bidding.closing_not_proved");
    throw error;
  }
}

/** Everything that must hold before a leaf is decrypted; `now` in milliseconds by the own clock, `witnesses` the text of
 * the policy that the person goes by, "" without one. Refused `bidding.other_sheet_shown`, `.closing_not_proved`,
 * `.other_closing`, `.before_deadline`, `.below_minimum`, `.witness_policy`, `.closing_unwitnessed`, `.other_headers`,
 * `.shares_repeat`, `.headers_form`. */
export function checkAll(facts: HeaderFacts, signed: Bytes, now: number, logKey: Bytes, witnesses: string): Checked {
  const sheet = readSheet(signed);
  if (!same(unpacked(facts.sheet), signed)) refuse("bidding.other_sheet_shown");
  const closing = provedClosing(facts.closing, logKey);
  if (closing === null || closing.lot !== sheet.lot || closing.round !== sheet.round) {
    return refuse("bidding.other_closing");
  }
  if (BigInt(Math.floor(now)) * 1000n < closing.deadline) refuse("bidding.before_deadline");
  if (closing.envelopes.length < facts.least) refuse("bidding.below_minimum");
  if (witnesses !== "") checkWitnesses(facts.closing.checkpoint, readPolicy(witnesses), closing.deadline);
  return { sheet, deadline: closing.deadline, headers: headersOf(facts.envelopes, closing, sheet) };
}

/** The header of every counted envelope, by receipt number, in the order of the closing entry. */
function headersOf(rows: HeaderFacts["envelopes"], closing: Closing, sheet: CustodySheet): Map<string, Received> {
  const found = new Map(
    rows.map((row) => [row.receipt, checkHeader(unpacked(row.header), sheet, row.submission, row.size)]),
  );
  const counted = closing.envelopes.map((one) => [one.number, hex(one.header)] as const);
  const agree = counted.every(([number, digest]) => hex(found.get(number)?.digest ?? new Uint8Array()) === digest);
  if (!agree || rows.length !== counted.length || found.size !== counted.length) refuse("bidding.other_headers");
  if (new Set([...found.values()].map((one) => hex(one.opening.share))).size < found.size) refuse("bidding.shares_repeat");
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The place of the private key on the sheet; refused `bidding.not_on_sheet`. */
export function leafOf(sheet: CustodySheet, secret: Bytes): number {
  const key = publicKey(secret);
  const found = sheet.leaves.find((leaf) => same(leaf.key, key));
  const index = policyOf(sheet).leaves.findIndex((leaf) => leaf.label === found?.label);
  return found === undefined || index < 0 ? refuse("bidding.not_on_sheet") : index;
}

/** The share in one envelope, null where the leaf does not open. */
function shareIn(received: Received, index: number, secret: Bytes): Bytes | null {
  try {
    return unwrap(received.opening, index, secret);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

export function pieceOf(receipt: string, received: Received, index: number, share: Bytes | null): Piece {
  const { opening, digest } = received;
  const x = context(opening.sheet, opening.salt, opening.policy);
  return {
    receipt,
    header: digest,
    commitment: share === null ? null : commitment(x, opening.share, index, share),
  };
}

/** The batch of the holder of `secret`; `progress` hears each envelope. Refused `bidding.not_on_sheet`. */
export function give(checked: Checked, secret: Bytes, progress: (done: number, total: number) => void): Batch {
  const { sheet, headers } = checked;
  const index = leafOf(sheet, secret);
  const shares = new Map<string, Bytes | null>();
  for (const [number, received] of headers) {
    shares.set(number, shareIn(received, index, secret));
    progress(shares.size, headers.size);
  }
  const pieces = [...headers].map(([number, one]) => pieceOf(number, one, index, shares.get(number) ?? null));
  const leaf = policyOf(sheet).leaves[index]?.label as string;
  const statement = makeStatement({ lot: sheet.lot, round: sheet.round, sheet: sheetDigest(sheet), leaf, pieces });
  return { leaf, shares, statement };
}
