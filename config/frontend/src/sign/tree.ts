/** Canonical bytes read as a tree, so that a person sees what is signed and not a digest alone (ledger.md, "Bytes").
 *
 * Enters: bytes. Leaves: their values in their order, records under their tag; null when they are not canonical bytes.
 * The field names are not in the bytes, so the tree shows values only.
 */
import { hex } from "../seal/bytes.ts";
import { Malformed, Reader } from "../seal/canon.ts";
import { isoInstant } from "../seal/receipt.ts";

/** One value: text, or a named or unnamed group of values. */
export type Tree = string | { readonly tag: string; readonly values: readonly Tree[] };

const MOST_DEPTH = 32;

/** The values in `data`, or null. */
export function treeOf(data: Uint8Array): Tree | null {
  try {
    const reader = new Reader(data);
    const tree = value(reader, 0);
    reader.end();
    return tree;
  } catch (error) {
    if (error instanceof Malformed || error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

function textOf(data: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
}

function several(reader: Reader, depth: number): Tree[] {
  const values: Tree[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) values.push(value(reader, depth + 1));
  return values;
}

function value(reader: Reader, depth: number): Tree {
  if (depth > MOST_DEPTH) throw new Malformed("too deep");
  const [mark] = reader.take(1);
  switch (mark) {
    case 0x00: return "—";
    case 0x01: return String(reader.u64());
    case 0x02: return textOf(reader.block());
    case 0x03: return hex(reader.block());
    case 0x04: return isoInstant(reader.u64());
    case 0x05: return { tag: "", values: several(reader, depth) };
    case 0x06: return hex(reader.take(32));
    case 0x07: return textOf(reader.block());
    case 0x08: return reader.take(1)[0] === 1 ? "✓" : "✗";
    case 0x09: return { tag: textOf(reader.block()), values: several(reader, depth) };
    default: throw new Malformed("another type of value");
  }
}
