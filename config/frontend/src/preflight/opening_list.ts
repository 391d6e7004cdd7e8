/** The opening list (开标一览表): what is read out at the opening (twin of bidding/preflight/opening_list.py).
 *
 * Enters: the rows of its sheets. Leaves: price, days and further quoted lines; findings where it says something else.
 */
import { type Figure, cents, figure, said } from "./figures.ts";
import { type Finding, finding } from "./finding.ts";
import { folded } from "./markup.ts";
import type { Row } from "./workbook.ts";

const PRICE = ["投标总价", "投标报价", "price"];
const DAYS = ["工期", "交货期", "服务期", "duration", "days"];
const ITEMS: Readonly<Record<string, readonly string[]>> = {
  quality: ["质量", "quality"],
  manager: ["项目经理", "项目负责人", "manager"],
};
const WHOLE = /^([1-9][0-9]{0,4})(\.0+)?(日历天|天|日|days?)?$/;

export interface OpeningList {
  readonly price: string;
  readonly days: string;
  readonly items: ReadonlyArray<{ readonly name: string; readonly value: string }>;
}

export const NO_LIST: OpeningList = { price: "", days: "", items: [] };

interface Pair {
  readonly label: string;
  readonly value: string;
}

/** The value right of a label that begins with one of `heads`. */
function under(pairs: readonly Pair[], heads: readonly string[], fits: (value: string) => boolean): string | undefined {
  return pairs.find(({ label, value }) => heads.some((head) => label.startsWith(head)) && fits(value))?.value;
}

const anything = (): boolean => true;
const something = (value: string): boolean => value !== "";

export function readOpeningList(sheets: readonly Row[][]): OpeningList {
  for (const rows of sheets) {
    const pairs = rows.flatMap((row) => pairOf(row) ?? []);
    const price = figure(under(pairs, PRICE, anything) ?? "");
    if (price === null) continue;
    const days = WHOLE.exec(folded(under(pairs, DAYS, anything) ?? ""))?.[1] ?? "";
    const items = Object.entries(ITEMS).flatMap(([name, heads]) => {
      const value = under(pairs, heads, something);
      return value === undefined ? [] : [{ name, value }];
    });
    return { price: said(price), days, items };
  }
  return NO_LIST;
}

/** The first text of a row and what stands right of it; a running number before them is left out. */
function pairOf(row: Row): Pair | null {
  if (row.cells.length < 2) return null;
  const ordered = [...row.cells].sort((left, right) => left.column - right.column);
  const numbered = figure(ordered[0]?.text ?? "") !== null && ordered.length > 2;
  const [label, value] = numbered ? ordered.slice(1) : ordered;
  return { label: folded(label?.text ?? ""), value: value?.text ?? "" };
}

export function checkOpeningList(name: string, found: OpeningList, price: Figure | null, days: string): Finding[] {
  if (found.price === "") return [finding("bidding.opening_list_unread", name)];
  const findings: Finding[] = [];
  if (price !== null && figure(found.price) !== cents(price)) {
    findings.push(finding("bidding.opening_list_price", name, { found: found.price, price: said(price) }));
  }
  if (days !== "" && found.days !== days) {
    findings.push(finding("bidding.opening_list_days", name, { found: found.days || "—", days }));
  }
  return findings;
}
