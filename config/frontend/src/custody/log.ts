/** Proof that an entry is in the log: RFC 6962 inclusion under a checkpoint that the log signed (twins of
 * ledger/merkle.py and ledger/note.py). Enters: leaf bytes, path, signed note, the log's key. Leaves: yes or no. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, join, looseBase64, same, unbase64, utf8 } from "../seal/bytes.ts";

const ED25519 = Uint8Array.of(0x01);
export const DASH = "— ";

export function leafHash(entry: Uint8Array): Bytes {
  return sha256(join(Uint8Array.of(0x00), entry)) as Bytes;
}

function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(join(Uint8Array.of(0x01), left, right)) as Bytes;
}

/** Whether `path` shows `leaf` at `index` in the tree of `size` and `root` (RFC 9162 2.1.3.2). Plain numbers: a tree
 * that no number holds exactly is refused. */
export function included(leaf: Bytes, index: number, size: number, path: readonly Bytes[], root: Bytes): boolean {
  const whole = Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
  if (!whole || path.some((step) => step.length !== 32)) return false;
  let [node, at, last] = [leaf, index, size - 1];
  const up = (): void => {
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  };
  for (const step of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = nodeHash(step, node);
      while (at !== 0 && at % 2 === 0) up();
    } else {
      node = nodeHash(node, step);
    }
    up();
  }
  return last === 0 && same(node, root);
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

function keyId(name: string, key: Bytes): Bytes {
  return sha256(join(utf8(name), utf8("\n"), ED25519, key)).slice(0, 4) as Bytes;
}

/** The 32 bytes of the log's key in its `name+hash+base64` form, null for anything else. */
export function logKeyOf(verifierKey: string): Bytes | null {
  const found = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(verifierKey.trim());
  const packed = found === null ? null : unbase64(found[3] as string);
  if (found === null || packed?.length !== 33 || packed[0] !== 1) return null;
  const key = packed.slice(1) as Bytes;
  return hex(keyId(found[1] as string, key)) === found[2] ? key : null;
}

function parse(text: string): Checkpoint | null {
  const [origin, size, root, end, ...more] = text.split("\n");
  if (!origin || end !== "" || more.length > 0 || !/^(0|[1-9][0-9]*)$/.test(size as string)) return null;
  const found = { origin, size: Number(size), root: unbase64(root as string) };
  return found.root?.length === 32 && Number.isSafeInteger(found.size) ? (found as Checkpoint) : null;
}

/** The checkpoint in `note` if `key` signed it under the origin's name, else null. */
export function readNote(note: string, key: Bytes): Checkpoint | null {
  const gap = note.indexOf("\n\n");
  if (gap < 0) return null;
  const text = note.slice(0, gap + 1);
  const found = parse(text);
  if (found === null) return null;
  const lines = note.slice(gap + 2).split("\n").filter((line) => line.startsWith(`${DASH}${found.origin} `));
  return lines.some((line) => isSigned(text, line.slice(DASH.length + found.origin.length + 1), found.origin, key))
    ? found
    : null;
}

function isSigned(text: string, packed: string, origin: string, key: Bytes): boolean {
  const raw = looseBase64(packed);
  if (raw === null || raw.length !== 68 || !same(raw.subarray(0, 4), keyId(origin, key))) return false;
  try {
    return ed25519.verify(raw.subarray(4), utf8(text), key, { zip215: false });
  } catch {
    return false; // no point of the curve
  }
}
