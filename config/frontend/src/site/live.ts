/** Hints from the live side: "entry n exists". The page then asks for what its own user may see.
 *
 * An element with `data-live-url` (and perhaps `data-live-from`, the last entry the page was drawn from) is listened
 * for; its descendants with `data-live-refresh` get a `live` event, which htmx takes by `hx-trigger="live"`. After a
 * lost connection the first word is `{"from": n}`, so nothing that happened meanwhile is missed; and a hint that names
 * an entry before it which was never heard is answered the same way, for channels drop messages without a word.
 */

export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export type State = "connecting" | "live" | "lost";

export interface Surroundings {
  readonly connect: (url: string) => Wire;
  readonly later: (run: () => void, milliseconds: number) => void;
  readonly random: () => number;
}

/** What a message says: an entry exists, and which one about the same scope came before it (null: nobody says). */
export interface Hint {
  readonly entry: number;
  readonly after: number | null;
}

const whole = (value: unknown): number | null =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;

/** The hint in a message, or null when it is none of ours. */
export function hintOf(text: unknown): Hint | null {
  if (typeof text !== "string") return null;
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== "object" || message === null || !("entry" in message)) return null;
    const entry = whole(message.entry);
    return entry === null ? null : { entry, after: "after" in message ? whole(message.after) : null };
  } catch {
    return null;
  }
}

/** Milliseconds to wait before try number `tries` (0, 1, ...): half a second doubling to half a minute, spread out. */
export function patience(tries: number, random: number): number {
  const whole = Math.min(30_000, 500 * 2 ** Math.min(tries, 10));
  return Math.round(whole / 2 + (whole / 2) * random);
}

export const AGAIN = 500; // milliseconds until what was asked for and did not come is asked for again

export class LiveLink {
  private tries = 0;
  private asked: number | null = null; // from where the last question was, until its answer goes on from there

  constructor(
    private readonly url: string,
    private last: number | null,
    private readonly heard: (entry: number) => void,
    private readonly changed: (state: State) => void,
    private readonly around: Surroundings,
  ) {}

  open(): void {
    this.asked = null;
    this.changed("connecting");
    const wire = this.around.connect(this.url);
    wire.onopen = () => {
      this.tries = 0;
      if (this.last !== null) wire.send(JSON.stringify({ from: this.last }));
      this.changed("live");
    };
    wire.onmessage = (event) => {
      const hint = hintOf(event.data);
      if (hint === null || (this.last !== null && hint.entry <= this.last)) return;
      if (this.last !== null && hint.after !== null && hint.after > this.last) {
        // A hint was dropped on the way: ask for it, and this one comes again behind it.
        this.ask(wire);
        return;
      }
      this.last = hint.entry;
      this.heard(hint.entry);
    };
    wire.onclose = () => {
      this.changed("lost");
      this.around.later(() => this.open(), patience(this.tries, this.around.random()));
      this.tries += 1;
    };
  }

  /** Once from each place: a line that loses answers too would else be asked for each of them, ever more often. */
  private ask(wire: Wire): void {
    if (this.asked === this.last) return;
    const from = (this.asked = this.last);
    wire.send(JSON.stringify({ from }));
    this.around.later(() => {
      if (this.asked !== from || this.last !== from) return; // the answer came, or the line is another
      this.asked = null;
      this.ask(wire);
    }, AGAIN);
  }
}

/** Run `act` once for any number of calls within `milliseconds`. */
export function gathered(act: () => void, milliseconds: () => number, later: Surroundings["later"]): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    later(() => {
      waiting = false;
      act();
    }, milliseconds());
  };
}

const browser: Surroundings = {
  connect: (url) => new WebSocket(url) as unknown as Wire,
  later: (run, milliseconds) => {
    setTimeout(run, milliseconds);
  },
  random: Math.random,
};

function refresh(root: HTMLElement): void {
  const parts = [...root.querySelectorAll<HTMLElement>("[data-live-refresh]")];
  if (root.hasAttribute("data-live-refresh")) parts.push(root);
  for (const part of parts) part.dispatchEvent(new CustomEvent("live"));
}

function listen(root: HTMLElement, url: string): void {
  // Many pages hear the same hint at once; a short random wait keeps them from asking in the same instant.
  const renew = gathered(() => refresh(root), () => 50 + Math.random() * 350, browser.later);
  const heard = (entry: number): void => {
    document.dispatchEvent(new CustomEvent("sunlight:entry", { detail: { entry } }));
    renew();
  };
  const changed = (state: State): void => {
    for (const sign of document.querySelectorAll<HTMLElement>("[data-live-status]")) {
      sign.dataset["liveStatus"] = state;
      sign.textContent = sign.dataset[state] ?? "";
    }
  };
  const from = root.dataset["liveFrom"];
  const last = from !== undefined && /^\d+$/.test(from) ? Number(from) : null;
  new LiveLink(url, last, heard, changed, browser).open();
}

export function startLive(): void {
  for (const root of document.querySelectorAll<HTMLElement>("[data-live-url]")) {
    const url = root.dataset["liveUrl"];
    if (url) listen(root, url);
  }
}
