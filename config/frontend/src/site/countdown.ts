/** Countdowns and clocks on the page, told by the server's time and never by the visitor's own.
 *
 * Elements: `[data-clock]` shows the server's time; `[data-clock-error]` the bound; `[data-countdown="seconds"]` holds
 * `[data-left]` (and perhaps `[data-say]`, which announces milestones). Words come from data attributes, translated.
 */
import type { ServerClock } from "./clock.ts";

export interface Words {
  readonly day: string;
  readonly days: string;
  readonly over: string;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `left` milliseconds as "3 days 04:05:06"; a begun second counts as a whole one, so zero means over. */
export function spell(left: number, words: Words): string {
  if (left <= 0) return words.over;
  const seconds = Math.ceil(left / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const time = `${two(hours)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return days === 0 ? time : `${days} ${days === 1 ? words.day : words.days} ${time}`;
}

const MILESTONES = [3600, 600, 60, 10, 0];

/** The milestone (seconds left) crossed between two ticks, or null: what a screen reader is told, and no more. */
export function crossed(before: number, after: number): number | null {
  return MILESTONES.find((mark) => before > mark * 1000 && after <= mark * 1000) ?? null;
}

/** How near the end: for colour, beside the words. */
export function nearness(left: number): "over" | "minutes" | "hour" | "day" | "later" {
  if (left <= 0) return "over";
  if (left <= 600_000) return "minutes";
  if (left <= 3_600_000) return "hour";
  return left <= 86_400_000 ? "day" : "later";
}

const BEIJING = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** "2026-03-02 09:00:00", Beijing time; with tenths when asked. */
export function beijing(instant: number, tenths = false): string {
  const text = BEIJING.format(instant);
  return tenths ? `${text}.${Math.floor((((instant % 1000) + 1000) % 1000) / 100)}` : text;
}

/** "±12 ms", or "±1.3 s" when it is that bad. */
export function bound(error: number): string {
  return error < 1000 ? `±${Math.max(1, Math.ceil(error))} ms` : `±${(Math.ceil(error / 100) / 10).toFixed(1)} s`;
}

function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function tickCountdown(element: HTMLElement, now: number): void {
  const left = Number(element.dataset["countdown"]) * 1000 - now;
  const shown = element.querySelector<HTMLElement>("[data-left]");
  if (shown === null || Number.isNaN(left)) return;
  const { day = "d", days = "d", over = "0" } = element.dataset;
  const text = spell(left, { day, days, over });
  write(shown, text);
  shown.hidden = false;
  element.dataset["near"] = nearness(left);
  const before = Number(element.dataset["leftBefore"] ?? left);
  element.dataset["leftBefore"] = String(left);
  const say = element.querySelector("[data-say]");
  if (say !== null && crossed(before, left) !== null) write(say, text);
}

export function tick(root: ParentNode, clock: ServerClock): void {
  const now = clock.now();
  if (now === null) return;
  for (const element of root.querySelectorAll<HTMLElement>("[data-clock]")) {
    write(element, beijing(now, element.dataset["clock"] === "tenths"));
    element.closest<HTMLElement>("[data-clock-box]")?.removeAttribute("hidden");
  }
  for (const element of root.querySelectorAll("[data-clock-error]")) write(element, bound(clock.error ?? 0));
  for (const element of root.querySelectorAll<HTMLElement>("[data-countdown]")) tickCountdown(element, now);
}

/** Measure now, then every half minute and whenever the page comes back to the front; tick four times a second. */
export function keepTime(root: Document, clock: ServerClock, every = 30_000): void {
  const measure = (times: number): void => {
    clock.measure(times).then(
      () => tick(root, clock),
      () => root.documentElement.setAttribute("data-clock-lost", ""),
    );
  };
  measure(4);
  setInterval(() => measure(1), every);
  setInterval(() => tick(root, clock), 250);
  root.addEventListener("visibilitychange", () => {
    if (root.visibilityState === "visible") measure(2);
  });
  root.addEventListener("sunlight:entry", () => measure(1));
}
