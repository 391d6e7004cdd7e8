/** What the check of a package finds, and what it is given (twin of bidding/preflight/finding.py).
 *
 * Enters: nothing. Leaves: types shared by every rule. A finding names its file ("" for the whole package); only what the
 * opening or the packing would refuse blocks, everything else warns.
 */

const BLOCKING: ReadonlySet<string> = new Set([
  "bidding.no_files", "bidding.file_name", "bidding.file_twice", "bidding.files_many", "bidding.package_large",
]);

export interface Finding {
  readonly code: string;
  readonly file: string;
  readonly facts: Readonly<Record<string, string>>;
}

export function finding(code: string, file = "", facts: Readonly<Record<string, string>> = {}): Finding {
  return { code, file, facts };
}

export function blocks({ code }: Finding): boolean {
  return BLOCKING.has(code);
}

/** A paper that a bid for the lot has, as the bid desk tells it. */
export interface Paper {
  readonly code: string;
  readonly name: string;
  readonly stems: readonly string[];
  readonly endings: readonly string[];
  readonly required: boolean;
  readonly blind: boolean;
}

/** Whether a file with this name is this paper. */
export function means(paper: Paper, name: string): boolean {
  const low = name.toLowerCase();
  const at = low.lastIndexOf(".");
  const stem = low.slice(0, Math.max(0, at));
  return paper.endings.includes(low.slice(at + 1)) && paper.stems.some((one) => stem.startsWith(one));
}

export interface Rules {
  readonly papers: readonly Paper[];
  readonly names: readonly string[];
}

export interface Offered {
  readonly price: string;
  readonly days: string;
  readonly files: readonly File[];
}
