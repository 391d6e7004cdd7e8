/** Sorting a table by a column: `<table data-sortable>`; each `<th data-sort>` gets a button, cells may carry `data-value`.
 *
 * A value is compared as a number when both sides are plain decimals, as text in the page's language otherwise.
 */

export type Order = "ascending" | "descending";

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** Exact for any length: prices are never turned into floating point here. */
export function compareDecimals(left: string, right: string): number {
  const scale = Math.max(...[left, right].map((text) => text.split(".")[1]?.length ?? 0));
  const [a, b] = [left, right].map((text) => {
    const [whole = "0", part = ""] = text.split(".");
    return BigInt(whole + part.padEnd(scale, "0"));
  }) as [bigint, bigint];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rows without a value always come last, whichever way the rest goes. */
export function compare(left: string, right: string, order: Order, language: string): number {
  if (left === "" || right === "") return left === right ? 0 : left === "" ? 1 : -1;
  const numbers = DECIMAL.test(left) && DECIMAL.test(right);
  const found = numbers ? compareDecimals(left, right) : left.localeCompare(right, language);
  return order === "ascending" ? found : -found;
}

function valueOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column];
  return (cell?.dataset["value"] ?? cell?.textContent ?? "").trim();
}

function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const order: Order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const language = document.documentElement.lang;
  for (const body of table.tBodies) {
    const rows = [...body.rows].sort((a, b) =>
      compare(valueOf(a, head.cellIndex), valueOf(b, head.cellIndex), order, language),
    );
    body.append(...rows);
  }
}

function furnish(table: HTMLTableElement): void {
  for (const head of table.querySelectorAll<HTMLTableCellElement>("th[data-sort]")) {
    if (head.querySelector("button") !== null) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortBy(table, head));
  }
}

export function startSorting(): void {
  document.querySelectorAll<HTMLTableElement>("table[data-sortable]").forEach(furnish);
  document.addEventListener("htmx:load", (event) => {
    (event.target as Element).querySelectorAll<HTMLTableElement>("table[data-sortable]").forEach(furnish);
  });
}
