/** Moving through a table by keyboard: `<table data-rows>`, whose rows each hold a link or button marked `data-row`.
 *
 * One stop for Tab; inside, arrow keys (or j and k), Home and End go from row to row. Enter is the browser's own.
 */

/** The row to go to from row `at` of `count`, or null when `key` is not for us. */
export function stepped(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
    case "j":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
    case "k":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

const stops = (table: Element): HTMLElement[] => [...table.querySelectorAll<HTMLElement>("[data-row]")];

function settle(table: Element): void {
  stops(table).forEach((stop, index) => {
    stop.tabIndex = index === 0 ? 0 : -1;
  });
}

function move(event: KeyboardEvent): void {
  const from = (event.target as Element).closest<HTMLElement>("[data-rows] [data-row]");
  const table = from?.closest("[data-rows]");
  if (!from || !table || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = stops(table);
  const to = stepped(event.key, all.indexOf(from), all.length);
  const next = to === null ? undefined : all[to];
  if (next === undefined) return;
  event.preventDefault();
  from.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

export function startRows(): void {
  document.querySelectorAll("[data-rows]").forEach(settle);
  document.addEventListener("htmx:load", (event) => {
    const part = event.target as Element;
    const around = part.closest("[data-rows]");
    if (around !== null) settle(around);
    part.querySelectorAll("[data-rows]").forEach(settle);
  });
  document.addEventListener("keydown", move);
}
