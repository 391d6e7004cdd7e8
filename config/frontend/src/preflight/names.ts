/** Rule: what packing or the opening would refuse about names, number and size of the files (twin of
 * bidding/preflight/names.py). Every finding of it blocks. */
import { checkDistinct, checkName } from "../seal/names.ts";
import { Refused } from "../seal/refused.ts";
import { type Finding, finding } from "./finding.ts";

export const COVER_KEY = "cover.key";
const MOST_FILES = 999;
const MOST_BYTES = 2 ** 32 - 2 ** 26 - 2 ** 22;

interface Sized {
  readonly name: string;
  readonly size: number;
}

export function checkNames(files: readonly Sized[]): Finding[] {
  const found: Finding[] = files.length === 0 ? [finding("bidding.no_files")] : [];
  for (const { name } of files) found.push(...refusalsOf(() => checkName(name), name));
  found.push(...refusalsOf(() => checkDistinct([COVER_KEY, ...files.map((file) => file.name)]), ""));
  if (files.length > MOST_FILES) found.push(finding("bidding.files_many", "", { most: String(MOST_FILES) }));
  if (files.reduce((sum, file) => sum + file.size, 0) > MOST_BYTES) {
    found.push(finding("bidding.package_large", "", { most: String(MOST_BYTES) }));
  }
  return found;
}

function refusalsOf(check: () => unknown, file: string): Finding[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof Refused) return error.codes.map((code) => finding(code, file));
    throw error;
  }
}
