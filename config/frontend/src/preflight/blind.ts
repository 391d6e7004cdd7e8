/** Rule: a paper that is judged blind (暗标) tells nowhere whose it is (twin of bidding/preflight/blind.py).
 *
 * Enters: a file that is such a paper, its archive, the bidder's names. Leaves: findings. Every XML part is searched, tags
 * and all: comments and tracked changes name authors too.
 */
import { blocksOf } from "../seal/blobs.ts";
import { utf8 } from "../seal/bytes.ts";
import type { Archive } from "./archive.ts";
import { type Finding, finding } from "./finding.ts";
import { elements, folded, words } from "./markup.ts";
import { textOf } from "./office.ts";

const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  "docProps/core.xml": ["creator", "lastModifiedBy"],
  "docProps/app.xml": ["Company", "Manager"],
};
const LEGAL = /(股份有限公司|有限责任公司|有限公司|集团公司|公司|集团)$/;
const SHORTEST = 2;

/** What a firm is known by: name, short name, credit code. The longest first. */
export function ownWords(name: string, creditCode: string): string[] {
  let short = name;
  while (LEGAL.test(short)) short = short.replace(LEGAL, "");
  const [length, whole] = [[...short].length, [...name].length];
  const found = SHORTEST < length && length < whole ? [name, short] : [name];
  return [...found, creditCode].filter((word) => [...word].length > SHORTEST);
}

export async function checkBlind(file: File, archive: Archive | null, names: readonly string[]): Promise<Finding[]> {
  const found = sought(file.name, file.name, file.name, names);
  if (archive !== null) return [...found, ...(await inOffice(file.name, archive, names))];
  if (file.name.toLowerCase().endsWith(".pdf")) {
    return [...found, ...(await inBytes(file, names)), finding("bidding.blind_pdf", file.name)];
  }
  return file.size > 0 ? [...found, finding("bidding.blind_unread", file.name)] : found;
}

/** The longest word that stands in the text; a short name inside a full one is not told twice. */
function sought(file: string, part: string, text: string, names: readonly string[]): Finding[] {
  const within = folded(text);
  const word = names.find((name) => within.includes(folded(name)));
  return word === undefined ? [] : [finding("bidding.blind_name", file, { word, part })];
}

async function inOffice(file: string, archive: Archive, names: readonly string[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [part, fields] of Object.entries(PROPERTIES)) {
    const xml = archive.members.has(part) ? await textOf(archive, part) : "";
    for (const field of fields) {
      const first = elements(xml, field).next().value as { inner: string } | undefined;
      const word = first === undefined ? "" : words(first.inner).trim();
      if (word !== "") found.push(finding("bidding.blind_metadata", file, { field, word }));
    }
  }
  for (const part of [...archive.members.keys()].sort()) {
    if (!/\.(xml|rels)$/i.test(part) || PROPERTIES[part] !== undefined) continue;
    const xml = await textOf(archive, part);
    found.push(...sought(file, part, `${words(xml)}\n${xml}`, names));
  }
  return found;
}

function letters(data: Uint8Array): string {
  return new TextDecoder("latin1").decode(data);
}

/** UTF-16, the big end first, one letter a byte. */
function wide(word: string): string {
  const data = new Uint8Array(word.length * 2);
  for (let at = 0; at < word.length; at += 1) new DataView(data.buffer).setUint16(at * 2, word.charCodeAt(at));
  return letters(data);
}

/** Names as they stand in the bytes of a PDF outside its compressed streams: title, author, XMP. */
async function inBytes(file: File, names: readonly string[]): Promise<Finding[]> {
  const forms = names.map((word) => ({ word, pair: [letters(utf8(word)), wide(word)] }));
  const longest = Math.max(1, ...forms.flatMap(({ pair }) => pair.map((form) => form.length)));
  let rest = "";
  for await (const block of blocksOf(file)) {
    const within = rest + letters(block);
    const hit = forms.find(({ pair }) => pair.some((form) => within.includes(form)));
    if (hit !== undefined) return [finding("bidding.blind_name", file.name, { word: hit.word, part: "PDF" })];
    rest = within.slice(-longest);
  }
  return [];
}
