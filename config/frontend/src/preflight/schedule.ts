/** Rule: the sums of the price schedule are right, and it comes to the price of the bid (twin of
 * bidding/preflight/schedule.py). Enters: the rows of the workbook's sheets, the price. Leaves: findings. */
import { type Figure, cents, farther, figure, said, times } from "./figures.ts";
import { type Finding, finding } from "./finding.ts";
import { folded } from "./markup.ts";
import { type Row, cellAt } from "./workbook.ts";

const COLUMNS: ReadonlyArray<readonly [keyof Columns, readonly string[]]> = [
  ["quantity", ["数量", "工程量", "quantity", "qty"]],
  ["price", ["综合单价", "单价", "unitprice"]],
  ["amount", ["金额", "合价", "amount"]],
];
const TOTAL = ["合计", "总计", "总价", "投标总价", "total", "grandtotal"];
const SUBTOTAL = ["小计", "subtotal"];
const MOST = 20;

interface Columns {
  quantity: number;
  price: number;
  amount: number;
}

const begins = (text: string, heads: readonly string[]): boolean => heads.some((head) => text.startsWith(head));

function columnsOf(row: Row): Columns | null {
  const found: Partial<Columns> = {};
  for (const cell of row.cells) {
    const text = folded(cell.text);
    const named = COLUMNS.find(([word, heads]) => found[word] === undefined && begins(text, heads));
    if (named !== undefined) found[named[0]] = cell.column;
  }
  return Object.keys(found).length === 3 ? (found as Columns) : null;
}

export function checkSchedule(name: string, sheets: readonly Row[][], price: Figure | null): Finding[] {
  for (const rows of sheets) {
    for (const [at, row] of rows.entries()) {
      const columns = columnsOf(row);
      if (columns !== null) return checkTable(name, rows.slice(at + 1), columns, price);
    }
  }
  return [finding("bidding.schedule_unread", name)];
}

interface Line {
  readonly amount: Figure;
  readonly wrong: Finding | null;
}

function checkTable(name: string, rows: readonly Row[], columns: Columns, price: Figure | null): Finding[] {
  const lines: Line[] = [];
  let total: Figure | null = null;
  for (const row of rows) {
    const heads = row.cells.filter((cell) => cell.column < columns.amount).map((cell) => folded(cell.text));
    if (heads.some((head) => begins(head, TOTAL))) {
      total = figure(cellAt(row, columns.amount).text);
      break;
    }
    const line = heads.some((head) => begins(head, SUBTOTAL)) ? null : lineOf(name, row, columns);
    if (line !== null) lines.push(line);
  }
  if (lines.length === 0) return [finding("bidding.schedule_unread", name)];
  const wrong = lines.flatMap((line) => line.wrong ?? []);
  return [...wrong.slice(0, MOST), ...checkTotal(name, lines, total, price)];
}

function lineOf(name: string, row: Row, columns: Columns): Line | null {
  const [quantity, each] = [figure(cellAt(row, columns.quantity).text), figure(cellAt(row, columns.price).text)];
  if (quantity === null || each === null) return null;
  const [right, cell] = [times(quantity, each), cellAt(row, columns.amount)];
  const amount = figure(cell.text);
  const wrong = amount === null ? !cell.formula : farther(cents(amount), right);
  const found = amount === null ? cell.text || "—" : said(amount);
  const facts = { row: String(row.number), right: said(right), found };
  return { amount: amount ?? right, wrong: wrong ? finding("bidding.schedule_line", name, facts) : null };
}

function checkTotal(name: string, lines: readonly Line[], total: Figure | null, price: Figure | null): Finding[] {
  const rounded = lines.reduce((sum, line) => sum + cents(line.amount), 0n);
  const stored = lines.reduce((sum, line) => sum + line.amount, 0n);
  const found: Finding[] = [];
  if (total !== null && cents(total) !== rounded && cents(total) !== cents(stored)) {
    found.push(finding("bidding.schedule_total", name, { right: said(rounded), found: said(total) }));
  }
  const whole = total ?? rounded;
  if (price !== null && cents(whole) !== cents(price)) {
    found.push(finding("bidding.schedule_price", name, { found: said(whole), price: said(price) }));
  }
  return found;
}
