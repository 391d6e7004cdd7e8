/** Words out of the XML parts of office files, without a parser, for a worker has none (twin of
 * bidding/preflight/markup.py). No entity is expanded, nothing is fetched. */

const TAG = /<(?:[^<>"']|"[^"]*"|'[^']*')*>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITY = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text of an XML part: UTF-8, or UTF-16 with its mark. */
export function decoded(data: Uint8Array): string {
  const mark = data.length >= 2 ? `${data[0]} ${data[1]}` : "";
  const kind = mark === "255 254" ? "utf-16le" : mark === "254 255" ? "utf-16be" : "utf-8";
  return new TextDecoder(kind).decode(data);
}

function character(entity: string, hexadecimal?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name] ?? entity;
  const number = hexadecimal !== undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
  return (number > 0 && number < 0xd800) || (number > 0xdfff && number < 0x110000) ? String.fromCodePoint(number) : "";
}

export function unescaped(text: string): string {
  return text.replace(ENTITY, character);
}

/** What stands between the tags: the runs of a paragraph joined, as a reader sees them. */
export function words(xml: string): string {
  return unescaped(xml.replace(TAG, ""));
}

export function attributes(tag: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, double, single] of tag.matchAll(ATTRIBUTE)) found.set(name as string, unescaped(double ?? single ?? ""));
  return found;
}

export interface Element {
  readonly given: string;
  readonly inner: string;
}

const FORMS = new Map<string, RegExp>();

function formOf(name: string): RegExp {
  const known = FORMS.get(name);
  if (known !== undefined) return known;
  const form = `<(?:\\w+:)?${name}(\\s(?:[^<>"']|"[^"]*"|'[^']*')*?)?(?:/>|>([^]*?)</(?:\\w+:)?${name}\\s*>)`;
  const made = new RegExp(form, "g");
  FORMS.set(name, made);
  return made;
}

/** Each element called `name` under any prefix; they must not nest. */
export function* elements(xml: string, name: string): Generator<Element> {
  for (const [, given, inner] of xml.matchAll(formOf(name))) yield { given: given ?? "", inner: inner ?? "" };
}

/** For searching: width, case and spaces do not count. */
export function folded(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
}
