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
import { type Entry, type Fields, type Value, readEntry, readRecord } from "./shapes.ts";

export const FORMAT = "sunlight.bundle/1";
const [HEAD, CHECKPOINT, ENTRIES]: readonly [string, string, string] = ["bundle.json", "checkpoint", "entries.json"];
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
    readonly kind: string,
    readonly tender: string,
    readonly lots: readonly string[],
    readonly note: Bytes,
    readonly leaves: readonly Leaf[],
    readonly objects: Parts,
    readonly kept: Parts,
  ) {
    this.entries = sorted(leaves.flatMap((one) => happened(one.index, one.leaf)), (one) => one.index);
    this.open = this.entries.filter((one) => one.tag !== VEILED);
    const lifted = this.open.filter((one) => one.tag === LIFTED);
    this.inner = sorted(lifted.flatMap((one) => happened(Number(one.v("index")), one.v("inner"))), (one) => one.index);
    for (const one of sorted([...this.open, ...this.inner], (happening) => happening.index)) {
      this.byTag.set(one.tag, [...(this.byTag.get(one.tag) ?? []), one]);
    }
  }

  get isPublic(): boolean {
    return this.kind === "public";
  }
  /** The entries with this tag whose fields have these values, by their places. */
  all(tag: string, values: Fields = {}): Happened[] {
    const wanted = Object.entries(values);
    return (this.byTag.get(tag) ?? []).filter((one) => wanted.every(([name, value]) => equal(one.values[name], value)));
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

const isText = (value: Value): value is string => typeof value === "string";

/** The case in the parts of an archive. */
export function readCase(parts: Parts): Case {
  const part = (name: string): Bytes => parts.get(name) ?? lacks(name);
  const [head, note, leaves] = [readJson(part(HEAD)), part(CHECKPOINT), readLeaves(part(ENTRIES))];
  for (const name of parts.keys()) {
    if (![HEAD, CHECKPOINT, ENTRIES].includes(name) && !name.startsWith(OBJECTS) && !name.startsWith(PRIVATE)) {
      throw new Broken(`${name} has no place in a bundle`);
    }
  }
  const isHead = head !== null && Object.keys(head).sort().join() === "format,kind,lots,tender" && head.format === FORMAT;
  if (!isHead || !["public", "regulator"].includes(head.kind) || !isText(head.tender) || !Array.isArray(head.lots) || !head.lots.every(isText)) {
    throw new Broken("the head of the bundle is not what it must be");
  }
  const under = (prefix: string): Parts =>
    new Map([...parts].filter(([name]) => name.startsWith(prefix)).map(([name, data]) => [name.slice(prefix.length), data]));
  return new Case(head.kind, head.tender, head.lots, note, leaves, under(OBJECTS), under(PRIVATE));
}

function lacks(name: string): never {
  throw new Broken(`the bundle has no ${name}`);
}

export function digestOf(data: Uint8Array): Bytes {
  return sha256(data) as Bytes;
}
