/** A bid package read out of an opened payload and held to the one form that an honest maker writes: it is packed again
 * from its own parts, and every byte between them must be the same. Stricter than the opening (twin: unpacking.py), which
 * also takes packed members.
 *
 * Enters: the payload. Leaves: manifest, signature, the files' contents; refused when anything differs.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex } from "./bytes.ts";
import { CRC_START, crcDone, crcOf } from "./crc.ts";
import { type FileEntry, type Manifest, readManifest } from "./manifest.ts";
import { MANIFEST, SIGNATURE } from "./names.ts";
import type { OpenedPayload } from "./opened_payload.ts";
import { type Measured, pack } from "./packing.ts";
import { refuse } from "./refused.ts";

const LOCAL = 30;
const MOST_MANIFEST = 1 << 20;
const MOST_SIGNATURE = 1 << 16;

interface Part {
  readonly entry: FileEntry;
  readonly start: number;
}

export interface OpenedPackage {
  readonly manifest: Manifest;
  readonly manifestBytes: Bytes;
  readonly signature: Bytes;
  /** The content of a file that the manifest names. */
  readonly file: (name: string) => AsyncIterable<Bytes>;
}

export type Passed = (bytes: number) => void;

/** The package, after every file was read and found to be the one that the manifest names. */
export async function openPackage(payload: OpenedPayload, passed: Passed = () => {}): Promise<OpenedPackage> {
  const manifestBytes = await small(payload, 0, MANIFEST, MOST_MANIFEST);
  const manifest = readManifest(manifestBytes);
  let at = LOCAL + MANIFEST.length + manifestBytes.length;
  const parts: Part[] = [];
  for (const entry of manifest.files) {
    const start = at + LOCAL + new TextEncoder().encode(entry.name).length;
    parts.push({ entry, start });
    at = start + entry.size;
  }
  const signature = await small(payload, at, SIGNATURE, MOST_SIGNATURE);
  const own = new WeakSet<Bytes>();
  const measured: Measured[] = [];
  for (const part of parts) measured.push(await read(payload, part, own, passed));
  await compare(payload, pack(manifestBytes, signature, measured), own);
  const startOf = new Map(parts.map(({ entry, start }) => [entry.name, { start, size: entry.size }]));
  const file = (name: string): AsyncIterable<Bytes> => {
    const found = startOf.get(name) ?? refuse("bidding.package_files");
    return payload.blocks(found.start, found.size);
  };
  return { manifest, manifestBytes, signature, file };
}

/** A small member whose header begins at `at`. */
async function small(payload: OpenedPayload, at: number, name: string, most: number): Promise<Bytes> {
  const head = new DataView((await payload.read(at, LOCAL)).buffer);
  const size = head.getUint32(22, true);
  if (size > most) refuse("bidding.package_parts");
  return payload.read(at + LOCAL + name.length, size);
}

async function read(payload: OpenedPayload, { entry, start }: Part, own: WeakSet<Bytes>, passed: Passed): Promise<Measured> {
  const digest = sha256.create();
  let crc = CRC_START;
  for await (const block of payload.blocks(start, entry.size)) {
    digest.update(block);
    crc = crcOf(block, crc);
    passed(block.length);
  }
  if (hex(digest.digest()) !== hex(entry.sha256)) refuse("bidding.file_digest");
  async function* blocks(): AsyncGenerator<Bytes> {
    for await (const block of payload.blocks(start, entry.size)) {
      own.add(block);
      yield block;
    }
  }
  return { name: entry.name, size: entry.size, crc: crcDone(crc), blocks, entry };
}

/** Refused unless the payload is what packing its parts gives; blocks that came from it need no second look. */
async function compare(payload: OpenedPayload, whole: ReturnType<typeof pack>, own: WeakSet<Bytes>): Promise<void> {
  if (whole.length !== payload.length) refuse("bidding.package_form");
  let at = 0;
  for await (const block of whole.blocks()) {
    if (!own.has(block)) {
      const there = await payload.read(at, block.length);
      if (there.some((byte, place) => byte !== block[place])) refuse("bidding.package_form");
    }
    at += block.length;
  }
}
