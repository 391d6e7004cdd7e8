/** Whether a docx or xlsx is one: a ZIP in order that names its main part and holds it (twin of
 * bidding/preflight/office.py). Leaves: the archive; `Locked` for an OLE file in disguise, which is under a password. */
import { hex } from "../seal/bytes.ts";
import { Archive, Damaged, Locked } from "./archive.ts";
import { attributes, decoded, elements } from "./markup.ts";

const TYPES = "[Content_Types].xml";
const OLE = "d0cf11e0a1b11ae1";
const MAIN: Readonly<Record<string, readonly string[]>> = {
  docx: ["wordprocessingml.document.main+xml", "word.document.macroenabled.main+xml"],
  xlsx: ["spreadsheetml.sheet.main+xml", "excel.sheet.macroenabled.main+xml"],
};

export function isOffice(ending: string): boolean {
  return MAIN[ending] !== undefined;
}

export async function openedOffice(blob: Blob, ending: string): Promise<Archive> {
  if (hex(new Uint8Array(await blob.slice(0, 8).arrayBuffer())) === OLE) throw new Locked();
  const archive = await Archive.open(blob);
  if (!archive.members.has(await mainPart(archive, ending))) throw new Damaged();
  return archive;
}

/** The name of the main part, as the list of content types gives it; "" without one. */
export async function mainPart(archive: Archive, ending: string): Promise<string> {
  for (const { given } of elements(await textOf(archive, TYPES), "Override")) {
    const found = attributes(given);
    const kind = (found.get("ContentType") ?? "").toLowerCase();
    if ((MAIN[ending] ?? []).some((one) => kind.endsWith(one))) return (found.get("PartName") ?? "").replace(/^\/+/, "");
  }
  return "";
}

export async function textOf(archive: Archive, name: string): Promise<string> {
  return decoded(await archive.read(name));
}
