/** A bundle read as a case: entries in their places, what was lifted and disclosed, objects, private parts.
 *
 * Enters: the parts of an archive. Leaves: a `Case` that the numbered checks ask. What one cannot read of an entry is
 * found by check 3; evidence that must be there and is not is `Missing`, which fails the check that asked.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, unhex } from "../seal/bytes.ts";
import { Malformed } from "../seal/canon.ts";
import { equal, sorted } from "./equal.ts";
import { Broken, Missing, faultOf, missing } from "./findings.ts";
import { type Entry, type Fields, type Value, committed, readEntry, readRecord } from "./shapes.ts";

const FORMAT = "sunlight.bundle/2";
const HEAD = "bundle.json";
/** What every bundle has beside its head, with what the head says of each. */
export const FIXED: ReadonlyMap<string, string> = new Map([
  ["README.md", "readme"], ["checkpoint", "checkpoint"], ["entries.json", "entries"], ["witnesses.json", "witnesses"], ["timestamps.json", "timestamps"],
]);
const README = "59a830be537ef8e9daf7a0ce927c4af57418c8aa58f481da11cd761019c26fb2"; // docs/bundle.md
export const MOMENTS: readonly string[] = ["deadline", "opening", "award", "archive"];
export const LATEST = "latest";
export const [OBJECTS, PRIVATE] = ["objects/", "private/"] as const;
export const VEILED = "ledger:veiled:added";
export const LIFTED = "ledger:veiled:lifted";
export const DISCLOSED = "ledger:field:disclosed";

export type Parts = ReadonlyMap<string, Bytes>;

/** A row of `entries.json`. */
export interface Leaf {
  readonly index: number;
  readonly leaf: Bytes;
  readonly path: readonly Bytes[];
}

/** A checkpoint of the same log, as large or larger, that somebody else vouched for. */
export interface Later {
  readonly checkpoint: string;
  readonly proof: readonly Bytes[];
}

/** What `bundle.json` says. */
interface Head {
  readonly kind: string;
  readonly tender: string;
  readonly lots: readonly string[];
  readonly moment: string;
  readonly members: Readonly<Record<string, string>>;
}

/** An entry in its place; of a lifted one the place of its veiled leaf. */
export class Happened {
  readonly tag: string;
  readonly values: Fields;
  constructor(readonly index: number, readonly leaf: Bytes, readonly entry: Entry) {
    this.tag = entry.tag;
    this.values = entry.values;
  }
  get id(): Bytes {
    return this.entry.id;
  }
  get at(): bigint {
    return this.entry.at;
  }
  get by(): string {
    return this.entry.by;
  }
  has(name: string): boolean {
    return name in this.values;
  }
  /** The fields that are no commitments; the one of a veiled leaf is none either. */
  get plain(): Fields {
    const hidden = committed(this.tag);
    return this.tag === VEILED ? {} : Object.fromEntries(Object.entries(this.values).filter(([name]) => !hidden.has(name)));
  }
  /** The value of a field that this kind of entry has. */
  v(name: string): Value {
    if (!(name in this.values)) throw new TypeError(`${this.tag} has no ${name}`);
    return this.values[name];
  }
}

export class Case {
  readonly entries: readonly Happened[];
  readonly open: readonly Happened[];
  readonly inner: readonly Happened[];
  private readonly byTag = new Map<string, Happened[]>();
  private readonly worked = new Map<string, unknown>();

  constructor(
    readonly head: Head,
    readonly note: Bytes,
    readonly leaves: readonly Leaf[],
    readonly objects: Parts,
    readonly kept: Parts,
    readonly witnessed: Later | null,
    readonly stamped: Later | null,
  ) {
    this.entries = sorted(leaves.flatMap((one) => happened(one.index, one.leaf)), (one) => one.index);
    this.open = this.entries.filter((one) => one.tag !== VEILED);
    const lifted = this.open.filter((one) => one.tag === LIFTED);
    this.inner = sorted(lifted.flatMap((one) => happened(Number(one.v("index")), one.v("inner"))), (one) => one.index);
    for (const one of sorted([...this.open, ...this.inner], (happening) => happening.index)) {
      this.byTag.set(one.tag, [...(this.byTag.get(one.tag) ?? []), one]);
    }
  }

  get tender(): string {
    return this.head.tender;
  }
  get lots(): readonly string[] {
    return this.head.lots;
  }
  get isPublic(): boolean {
    return this.head.kind === "public";
  }
  /** The entries with this tag whose fields have these values, by their places. */
  all(tag: string, values: Fields = {}): Happened[] {
    const wanted = Object.entries(values);
    return (this.byTag.get(tag) ?? []).filter((one) => wanted.every(([name, value]) => isIt(one.values[name], value)));
  }
  first(tag: string, values: Fields = {}): Happened | undefined {
    return this.all(tag, values)[0];
  }
  last(tag: string, values: Fields = {}): Happened | undefined {
    return this.all(tag, values).at(-1);
  }
  has(tag: string, values: Fields = {}): boolean {
    return this.first(tag, values) !== undefined;
  }
  /** The one entry there must be. */
  one(tag: string, values: Fields = {}): Happened {
    const found = this.all(tag, values);
    if (found.length !== 1) throw new Missing(faultOf("not_one", { tag, count: found.length }));
    return found[0] as Happened;
  }
  /** The object with this SHA-256. */
  object(digest: Bytes, what: string): Bytes {
    return this.objects.get(hex(digest)) ?? missing(what);
  }
  /** The record of this tag in the object with this SHA-256. */
  record(tag: string, digest: Bytes, what: string): Fields {
    const data = this.object(digest, what);
    return this.once(`${tag} ${hex(digest)}`, () => {
      try {
        return readRecord(tag, data);
      } catch (error) {
        if (error instanceof Malformed) throw new Missing(faultOf("not_record", { what }));
        throw error;
      }
    });
  }
  /** What `work` gives, worked out once for this case. */
  once<T>(what: string, work: () => T): T {
    if (!this.worked.has(what)) this.worked.set(what, work());
    return this.worked.get(what) as T;
  }
  /** The first disclosure of a field of an entry. */
  disclosed(entry: Happened, field: string): Happened | undefined {
    return this.first(DISCLOSED, { entry: entry.id, field });
  }
}

/** Whether a field has this value; text and numbers, which most questions ask for, without a detour. */
function isIt(value: Value, wanted: Value): boolean {
  return typeof wanted === "object" ? equal(value, wanted) : value === wanted;
}

function happened(index: number, leaf: Bytes): Happened[] {
  try {
    return [new Happened(index, leaf, readEntry(leaf))];
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}

/** JSON in its one form: sorted keys, no spaces, UTF-8, ended by a line feed. */
function readJson(data: Bytes): Value {
  try {
    const written = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    const value = JSON.parse(written) as Value;
    if (`${inOneForm(value)}\n` === written) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    throw new Broken("a part of the bundle is not JSON", { cause: error });
  }
  throw new Broken("a part of the bundle is not in its one form");
}

export function inOneForm(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(inOneForm).join(",")}]`;
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Broken("a bundle knows no float");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = sorted(Object.keys(value)).map((name) => `${JSON.stringify(name)}:${inOneForm(value[name])}`);
  return `{${fields.join(",")}}`;
}

function readLeaves(data: Bytes): Leaf[] {
  const rows = readJson(data);
  try {
    return (rows as Value[]).map((row) => {
      if (Object.keys(row).sort().join() !== "index,leaf,path" || !Number.isSafeInteger(row.index) || row.index < 0) throw new RangeError();
      return { index: row.index, leaf: unhex(row.leaf), path: row.path.map(unhex) };
    });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new Broken("the bundle's entries cannot be read", { cause: error });
    throw error;
  }
}

/** `witnesses.json` or `timestamps.json`: a list of at most one. */
function readLater(data: Bytes, ...more: readonly string[]): Later | null {
  const rows = readJson(data);
  const fields = ["checkpoint", "proof", ...more].sort().join();
  const isRow = (row: Value): boolean => Object.keys(row).sort().join() === fields && isText(row.checkpoint) && Array.isArray(row.proof);
  try {
    if (!Array.isArray(rows) || rows.length > 1 || !rows.every(isRow)) throw new RangeError();
    for (const row of rows) for (const name of more) unhex(row[name]);
    return rows.length === 0 ? null : { checkpoint: rows[0].checkpoint, proof: rows[0].proof.map(unhex) };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new Broken("what others say of the checkpoint cannot be read", { cause: error });
    throw error;
  }
}

const isText = (value: Value): value is string => typeof value === "string";

function readHead(data: Bytes): Head {
  const head = readJson(data);
  const isIt = head !== null && typeof head === "object" && Object.keys(head).sort().join() === "format,kind,lots,members,moment,tender" &&
    head.format === FORMAT && ["public", "regulator"].includes(head.kind) && [...MOMENTS, LATEST].includes(head.moment) &&
    isText(head.tender) && Array.isArray(head.lots) && head.lots.every(isText) &&
    head.members !== null && typeof head.members === "object" && !Array.isArray(head.members) && Object.values(head.members).every(isText);
  if (!isIt) throw new Broken("the head of the bundle is not what it must be");
  return head;
}

/** The case in the parts of an archive. */
export function readCase(parts: Parts): Case {
  const part = (name: string): Bytes => parts.get(name) ?? lacks(name);
  for (const name of [HEAD, ...FIXED.keys()]) part(name);
  for (const name of parts.keys()) {
    if (name !== HEAD && !FIXED.has(name) && !name.startsWith(OBJECTS) && !name.startsWith(PRIVATE)) throw new Broken(`${name} has no place in a bundle`);
  }
  if (hex(digestOf(part("README.md"))) !== README) throw new Broken("README.md is not the page that lies in every bundle");
  const head = readHead(part(HEAD));
  const under = (prefix: string): Parts =>
    new Map([...parts].filter(([name]) => name.startsWith(prefix)).map(([name, data]) => [name.slice(prefix.length), data]));
  const [witnessed, stamped] = [readLater(part("witnesses.json")), readLater(part("timestamps.json"), "token")];
  return new Case(head, part("checkpoint"), readLeaves(part("entries.json")), under(OBJECTS), under(PRIVATE), witnessed, stamped);
}

function lacks(name: string): never {
  throw new Broken(`the bundle has no ${name}`);
}

export function digestOf(data: Uint8Array): Bytes {
  return sha256(data) as Bytes;
}
