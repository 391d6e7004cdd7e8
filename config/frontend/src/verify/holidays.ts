/** Which days are worked: the State Council's tables by year, swapped weekends included.
 *
 * Enters: lines `date,kind,name` of each year. Leaves: whether a day is worked, and the next ones; a year without a table
 * is refused. A weekday that no line names is worked, a weekend day is not. Days are counted from 1 January 1970.
 */
import { Refused } from "../seal/refused.ts";

const DAY = 86_400_000;

export class Holidays {
  constructor(private readonly years: ReadonlyMap<number, ReadonlyMap<number, boolean>>) {}

  isWorked(day: number): boolean {
    const date = new Date(day * DAY);
    const lines = this.years.get(date.getUTCFullYear());
    if (lines === undefined) throw new Refused([{ code: "trading.holidays_missing", facts: { year: String(date.getUTCFullYear()) } }]);
    return lines.get(day) ?? ![0, 6].includes(date.getUTCDay());
  }
  /** `day`, or the first worked day after it. */
  workedFrom(day: number): number {
    let found = day;
    while (!this.isWorked(found)) found += 1;
    return found;
  }
  /** The `count`-th worked day after `day`. */
  workedAfter(day: number, count: number): number {
    let found = day;
    for (let left = count; left > 0; left -= 1) found = this.workedFrom(found + 1);
    return found;
  }
}

export function readHolidays(tables: readonly string[]): Holidays {
  const years = new Map<number, Map<number, boolean>>();
  for (const table of tables) {
    const [first, ...lines] = table.trim().split(/\r?\n/);
    if (first !== "date,kind,name") throw new RangeError("no holiday table");
    const days = lines.map((line) => line.split(","));
    for (const [date, kind] of days) {
      if (!/^\d{4}-\d\d-\d\d$/.test(date ?? "") || (kind !== "rest" && kind !== "work")) throw new RangeError("no holiday table");
      const year = Number((date as string).slice(0, 4));
      const own = years.get(year) ?? new Map<number, boolean>();
      years.set(year, own.set(Date.parse(`${date}T00:00:00Z`) / DAY, kind === "work"));
    }
  }
  return new Holidays(years);
}
