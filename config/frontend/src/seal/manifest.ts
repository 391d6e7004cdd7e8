/** `manifest.json`: what a bidder offers, for which lot, in which files (twin of bidding/envelope/manifest.py).
 *
 * Enters: JSON bytes, or the values. Leaves: a `Manifest`, or the bytes that the bidder signs. Reading is strict: a key
 * that is unknown, missing or written twice is refused, and so is every value that is not of its form.
 */
import { type Bytes, hex, unhex, utf8 } from "./bytes.ts";
import { checkDistinct, checkName } from "./names.ts";
import { parseRecipient, recipientText } from "./points.ts";
import { refuse } from "./refused.ts";
import { BadJson, type Json, parseStrictly } from "./strict_json.ts";

const FORMAT = "sunlight.manifest/1";
const MAX_BYTES = 1 << 20;
const MAX_ENTRIES = 1000;
const LONGEST = 2000;
export const PRICE = /^(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?$/;
const DIGEST = /^[0-9a-f]{64}$/;
const SUBMISSION = /^[0-9a-f]{32}$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,6})?(Z|[+-](\d\d):(\d\d))$/;
const MAX_SIZE = 2n ** 32n;

export interface Item {
  readonly name: string;
  readonly value: string;
}

export interface FileEntry {
  readonly name: string;
  readonly size: number;
  readonly sha256: Bytes;
}

/** All that the bidder signs. `price` in yuan as text; `ownKey` only under a policy with `b`; `time` by the maker. */
export interface Manifest {
  readonly lot: string;
  readonly round: bigint;
  readonly sheet: Bytes;
  readonly submission: string;
  readonly creditCode: string;
  readonly name: string;
  readonly ownKey: Bytes | null;
  readonly price: string;
  readonly items: readonly Item[];
  readonly files: readonly FileEntry[];
  readonly tool: string;
  readonly maker: string;
  readonly time: string;
}

/** The bytes to sign and to pack; refused when they would not read back. */
export function writeManifest(manifest: Manifest): Bytes {
  const value = {
    format: FORMAT,
    lot: manifest.lot,
    round: Number(manifest.round),
    sheet: hex(manifest.sheet),
    submission: manifest.submission,
    bidder: { credit_code: manifest.creditCode, name: manifest.name },
    ...(manifest.ownKey === null ? {} : { own_key: recipientText(manifest.ownKey) }),
    price: manifest.price,
    items: manifest.items.map(({ name, value }) => ({ name, value })),
    files: manifest.files.map((one) => ({ name: one.name, size: one.size, sha256: hex(one.sha256) })),
    tool: manifest.tool,
    maker: manifest.maker,
    time: manifest.time,
  };
  const data = utf8(`${JSON.stringify(value, null, 1)}\n`);
  readManifest(data);
  return data;
}

const bad = (field: string): never => refuse("bidding.manifest", { field });

/** The manifest in `data`; refused with `bidding.manifest` and the field at fault, or `bidding.price`. */
export function readManifest(data: Uint8Array): Manifest {
  if (data.length > MAX_BYTES) bad("size");
  const top = new Fields(parse(data), "manifest");
  if (top.text("format") !== FORMAT) bad("format");
  const bidder = new Fields(top.take("bidder"), "bidder");
  const manifest = {
    lot: top.text("lot"),
    round: top.count("round", 2n ** 31n),
    sheet: unhex(top.matching("sheet", DIGEST)),
    submission: top.matching("submission", SUBMISSION),
    creditCode: bidder.text("credit_code"),
    name: bidder.text("name"),
    ownKey: top.has("own_key") ? parseRecipient(top.text("own_key")) : null,
    price: price(top.take("price")),
    items: top.entries("items").map(item),
    files: top.entries("files").map(file),
    tool: top.text("tool"),
    maker: top.text("maker"),
    time: time(top),
  };
  bidder.end();
  top.end();
  checkDistinct(manifest.files.map((one) => one.name));
  return manifest;
}

function parse(data: Uint8Array): Json {
  try {
    return parseStrictly(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data));
  } catch (error) {
    if (error instanceof BadJson || error instanceof TypeError) return bad("JSON");
    throw error;
  }
}

/** A JSON object of which every key must be taken exactly once. */
class Fields {
  private readonly left: Map<string, Json>;
  constructor(value: Json, where: string) {
    this.left = value instanceof Map ? new Map(value) : bad(where);
  }
  has(key: string): boolean {
    return this.left.has(key);
  }
  take(key: string): Json {
    const value = this.left.get(key);
    if (value === undefined) return bad(key);
    this.left.delete(key);
    return value;
  }
  text(key: string): string {
    const value = this.take(key);
    return typeof value === "string" && isPlain(value) ? value : bad(key);
  }
  matching(key: string, form: RegExp): string {
    const value = this.text(key);
    return form.test(value) ? value : bad(key);
  }
  count(key: string, below: bigint): bigint {
    const value = this.take(key);
    return typeof value === "bigint" && value >= 0n && value < below ? value : bad(key);
  }
  entries(key: string): readonly Json[] {
    const value = this.take(key);
    return Array.isArray(value) && value.length <= MAX_ENTRIES ? (value as readonly Json[]) : bad(key);
  }
  end(): void {
    for (const key of this.left.keys()) bad(key);
  }
}

/** One to 2,000 letters, NFC, without control and format characters and without halves of surrogate pairs. */
export function isPlain(text: string): boolean {
  const { length } = [...text];
  return length >= 1 && length <= LONGEST && text.normalize("NFC") === text && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text);
}

function price(value: Json): string {
  return typeof value === "string" && PRICE.test(value) ? value : refuse("bidding.price");
}

function item(value: Json): Item {
  const fields = new Fields(value, "items");
  const found = { name: fields.text("name"), value: fields.text("value") };
  fields.end();
  return found;
}

function file(value: Json): FileEntry {
  const fields = new Fields(value, "files");
  const sha256 = unhex(fields.matching("sha256", DIGEST));
  const entry = { name: checkName(fields.text("name")), size: Number(fields.count("size", MAX_SIZE)), sha256 };
  fields.end();
  return entry;
}

function time(top: Fields): string {
  const text = top.matching("time", TIME);
  const [year, month, day, hour, minute, second] = (TIME.exec(text) ?? []).slice(1, 7).map(Number) as number[];
  const [zoneHour, zoneMinute] = (TIME.exec(text) ?? []).slice(9).map((part) => Number(part ?? 0)) as number[];
  const moment = new Date(0);
  moment.setUTCFullYear(year as number, (month as number) - 1, day as number);
  const real = year !== 0 && moment.getUTCMonth() === (month as number) - 1 && moment.getUTCDate() === day;
  const limits = [[hour, 24], [minute, 60], [second, 60], [zoneHour, 24], [zoneMinute, 60]] as const;
  return real && limits.every(([part, below]) => (part as number) < below) ? text : bad("time");
}
