/** Rule: every file is what its ending says, whole, without a password, of a bearable size (twin of
 * bidding/preflight/whole.py). Leaves: the finding, and the archive of an office file for the rules that look inside. */
import { Archive, Bomb, Damaged, Locked } from "./archive.ts";
import { type Finding, finding } from "./finding.ts";
import { isOffice, openedOffice } from "./office.ts";

const HEAD = 1024;
const TAIL = 2 ** 16;
const END = 2048;

export interface Whole {
  readonly found: readonly Finding[];
  readonly archive: Archive | null;
}

export async function checkWhole(file: File, ending: string): Promise<Whole> {
  if (file.size === 0) return { found: [finding("bidding.file_empty", file.name)], archive: null };
  if (ending === "pdf") return { found: (await pdf(file)).map((code) => finding(code, file.name)), archive: null };
  if (!isOffice(ending) && ending !== "zip") return { found: [], archive: null };
  try {
    const archive = ending === "zip" ? await Archive.open(file) : await openedOffice(file, ending);
    await archive.check();
    return { found: [], archive };
  } catch (error) {
    return { found: [fault(error, file.name)], archive: null };
  }
}

export function fault(error: unknown, name: string): Finding {
  if (error instanceof Damaged) return finding("bidding.file_broken", name);
  if (error instanceof Locked) return finding("bidding.file_encrypted", name);
  if (error instanceof Bomb) return finding("bidding.file_bomb", name, { size: String(error.size) });
  throw error;
}

/** One letter a byte, so that words can be sought in bytes. */
export async function letters(blob: Blob): Promise<string> {
  return new TextDecoder("latin1").decode(await blob.arrayBuffer());
}

async function pdf(file: File): Promise<string[]> {
  const [head, tail] = [await letters(file.slice(0, TAIL)), await letters(file.slice(Math.max(0, file.size - TAIL)))];
  const end = tail.slice(-END);
  if (!head.slice(0, HEAD).includes("%PDF-") || !end.includes("%%EOF") || !end.includes("startxref")) return ["bidding.file_broken"];
  return `${head}${tail}`.includes("/Encrypt") ? ["bidding.file_encrypted"] : [];
}
