/** Names that a file of a package may have (twin of bidding/envelope/names.py): plain, no folders, no path tricks.
 *
 * Enters: a name. Leaves: the same name; refused otherwise.
 */
import { utf8 } from "./bytes.ts";
import { refuse } from "./refused.ts";

export const MANIFEST = "manifest.json";
export const SIGNATURE = "manifest.p7s";
export const PADDING = "padding";
const RESERVED = new Set([MANIFEST, SIGNATURE, PADDING]);
const DEVICES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^]*)?$/;
const FORBIDDEN = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const LONGEST = 200;

/** Lower case for comparing; the few letters that fold to more than one only make this stricter elsewhere. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}

function foul(name: string): boolean {
  const length = utf8(name).length;
  return (
    name !== name.trim() ||
    /^[.\-~]/.test(name) ||
    name.endsWith(".") ||
    name.normalize("NFC") !== name ||
    FORBIDDEN.test(name) ||
    DEVICES.test(folded(name)) ||
    length < 1 ||
    length > LONGEST
  );
}

export function checkName(name: string): string {
  if (foul(name) || RESERVED.has(folded(name))) refuse("bidding.file_name");
  return name;
}

/** Refused when two names are the same for a file system that ignores case or width. */
export function checkDistinct(names: readonly string[]): void {
  if (new Set(names.map((name) => folded(name.normalize("NFKC")))).size < names.length) refuse("bidding.file_twice");
}
