/** The parts of the sealing form in the page: one step is shown at a time, places are filled with text, never markup.
 *
 * Enters: the section of bidding/templates/bidding/sealing_form.html. Leaves: what a person sees.
 */

export type Step = "stop" | "form" | "working" | "sealed" | "sending" | "receipt" | "refused";
const STEPS: readonly Step[] = ["stop", "form", "working", "sealed", "sending", "receipt", "refused"];

export interface Line {
  readonly text: string;
  readonly code: string;
}

export class View {
  constructor(readonly root: HTMLElement) {}

  find<T extends Element = HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector);
    if (found === null) throw new Error(`the page has no ${selector}`);
    return found;
  }
  part(name: string): HTMLElement {
    return this.find(`[data-part="${name}"]`);
  }

  /** Show one step and lead the keyboard to its heading; the first one is only shown. */
  show(step: Step, focus = true): void {
    for (const one of STEPS) this.part(one).hidden = one !== step;
    if (focus) this.part(step).querySelector<HTMLElement>("[data-head]")?.focus();
  }
  fill(name: string, text: string): void {
    this.find(`[data-fill="${name}"]`).textContent = text;
  }
  on(act: string, run: (element: HTMLElement) => void): void {
    for (const element of this.root.querySelectorAll<HTMLElement>(`[data-act="${act}"]`)) {
      element.addEventListener("click", (event) => {
        if (element instanceof HTMLButtonElement) event.preventDefault();
        run(element);
      });
    }
  }

  /** The reasons beside a button or in a refusal. */
  reasons(part: string, lines: readonly Line[]): void {
    const list = this.part(part).querySelector("[data-reasons]");
    list?.replaceChildren(...lines.map(({ text, code }) => item([text, ["code", code]])));
  }

  /** A list whose items are words and fingerprints. */
  list(name: string, rows: ReadonlyArray<readonly [words: string, fingerprint: string]>): void {
    this.find(`[data-fill="${name}"]`).replaceChildren(...rows.map(([words, print]) => item([words, ["code", print]])));
  }

  /** Let a link save `data` under `name`. */
  saves(act: string, data: Blob, name: string): void {
    const link = this.find<HTMLAnchorElement>(`[data-act="${act}"]`);
    if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(data);
    link.download = name;
    link.hidden = false;
  }
}

function item(pieces: ReadonlyArray<string | readonly [className: string, text: string]>): HTMLLIElement {
  const line = document.createElement("li");
  for (const piece of pieces) {
    const span = document.createElement("span");
    [span.className, span.textContent] = typeof piece === "string" ? ["", piece] : (piece as [string, string]);
    line.append(span, " ");
  }
  return line;
}
