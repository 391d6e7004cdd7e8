/** The cells of a spreadsheet as it lies in its file: texts and stored results (twin of bidding/preflight/workbook.py). */
import type { Archive } from "./archive.ts";
import { attributes, elements, words } from "./markup.ts";
import { mainPart, textOf } from "./office.ts";

const PLACE = /^([A-Z]{1,3})[0-9]{1,7}$/;
const SOUND = /<rPh[ >][^]*?<\/rPh>/g;
const MOST_ROWS = 100_000;

export interface Cell {
  readonly column: number;
  readonly text: string;
  readonly formula: boolean;
}

export interface Row {
  readonly number: number;
  readonly cells: readonly Cell[];
}

export function cellAt(row: Row, column: number): Cell {
  return row.cells.find((cell) => cell.column === column) ?? { column, text: "", formula: false };
}

/** Every sheet that the workbook names, as rows. */
export async function sheets(archive: Archive): Promise<Row[][]> {
  const main = await mainPart(archive, "xlsx");
  const at = main.lastIndexOf("/");
  const [folder, name] = [main.slice(0, Math.max(0, at)), main.slice(at + 1)];
  const targets = await targetsOf(archive, folder, inFolder(folder, `_rels/${name}.rels`));
  const shared = await sharedIn(archive, inFolder(folder, "sharedStrings.xml"));
  const found: Row[][] = [];
  for (const { given } of elements(await textOf(archive, main), "sheet")) {
    const named = [...attributes(given)].find(([key]) => key.endsWith(":id"))?.[1];
    const part = targets.get(named ?? "") ?? "";
    if (archive.members.has(part)) found.push([...rowsOf(await textOf(archive, part), shared)]);
  }
  return found;
}

function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

async function targetsOf(archive: Archive, folder: string, related: string): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  if (!archive.members.has(related)) return targets;
  for (const { given } of elements(await textOf(archive, related), "Relationship")) {
    const found = attributes(given);
    const target = found.get("Target") ?? "";
    targets.set(found.get("Id") ?? "", target.startsWith("/") ? target.replace(/^\/+/, "") : inFolder(folder, target));
  }
  return targets;
}

async function sharedIn(archive: Archive, name: string): Promise<string[]> {
  if (!archive.members.has(name)) return [];
  return Array.from(elements(await textOf(archive, name), "si"), ({ inner }) => spoken(inner));
}

/** The text of a string: its runs, without the pronunciation that may stand beside it. */
function spoken(xml: string): string {
  return Array.from(elements(xml.replace(SOUND, ""), "t"), ({ inner }) => words(inner)).join("");
}

function* rowsOf(xml: string, shared: readonly string[]): Generator<Row> {
  let at = 0;
  for (const { given, inner } of elements(xml, "row")) {
    if (at >= MOST_ROWS) return;
    at += 1;
    const number = attributes(given).get("r") ?? "";
    yield { number: /^[0-9]+$/.test(number) ? Number(number) : at, cells: [...cellsOf(inner, shared)] };
  }
}

function* cellsOf(xml: string, shared: readonly string[]): Generator<Cell> {
  let at = -1;
  for (const { given, inner } of elements(xml, "c")) {
    at += 1;
    const found = attributes(given);
    const letters = PLACE.exec(found.get("r") ?? "")?.[1];
    const text = textIn(found.get("t") ?? "", inner, shared);
    const formula = !(elements(inner, "f").next().done ?? false);
    if (text !== "" || formula) yield { column: letters === undefined ? at : columnOf(letters), text: text.trim(), formula };
  }
}

function columnOf(letters: string): number {
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function textIn(kind: string, inner: string, shared: readonly string[]): string {
  if (kind === "inlineStr") return spoken(inner);
  const found = elements(inner, "v").next().value as { inner: string } | undefined;
  const value = found === undefined ? "" : words(found.inner);
  if (kind !== "s") return value;
  return /^[0-9]+$/.test(value) ? (shared[Number(value)] ?? "") : "";
}
