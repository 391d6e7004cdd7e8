/** Seal files for a lot: in memory, read once, where they fit; else read twice, block by block, in flat memory.
 *
 * Enters: Blobs under their names, the custody sheet, the salt, who writes and signs the manifest. Leaves: the sealed file
 * as a Blob with its digest.
 */
import { type Collected, collected } from "./blobs.ts";
import type { Bytes } from "./bytes.ts";
import { type Measured, measure, pack } from "./packing.ts";
import { seal, sealHeader } from "./sealing.ts";
import { type Author, type Named, sealInMemory } from "./sealing_in_memory.ts";
import type { CustodySheet } from "./sheet.ts";

const ROOM = 1 << 27;

export type Watch = (phase: "measuring" | "sealing", done: number, total: number) => void;

/** What the files are sealed with: `own` is the bidder's public key, null without one. */
export interface SealedFor {
  readonly sheet: CustodySheet;
  readonly salt: Bytes;
  readonly own: Bytes | null;
}

/** The sealed file of `files`. `room` is how much may be held in memory, a parameter for the tests alone. */
export async function sealFiles(
  files: readonly Named[], { sheet, salt, own }: SealedFor, author: Author, watch: Watch = () => {}, room = ROOM,
): Promise<Collected> {
  const total = files.reduce((sum, { blob }) => sum + blob.size, 0);
  let done = 0;
  const progress = (bytes: number): void => watch("measuring", (done += bytes), total);
  if (total <= room) return sealInMemory(files, await sealHeader(sheet, salt, own), author, progress);
  const measured: Measured[] = [];
  for (const { name, blob } of files) measured.push(await measure(name, blob, progress));
  const manifest = author.write(measured.map(({ entry }) => entry));
  const sealed = await seal(pack(manifest, await author.sign(manifest), measured), sheet, salt, own);
  return collected(sealed.blocks, sealed.size, (bytes) => watch("sealing", bytes, sealed.size));
}
