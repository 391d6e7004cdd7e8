/** The parts of a custodian's page: places filled with text, buttons with the reasons against them, sections swapped. */
import { SiteRefused } from "../seal/asking.ts";
import type { Reason } from "../seal/refused.ts";
import { type Line, View } from "../seal/view.ts";
import type { Words } from "../seal/words.ts";

export class Panel extends View {
  constructor(root: HTMLElement, private readonly words: Words) {
    super(root);
  }

  line(reason: Reason): Line {
    return { text: this.words.reason(reason), code: reason.code };
  }

  /** Let a button work, or say beside it why it does not. */
  allow(act: string, reasons: readonly Reason[]): void {
    const button = this.find(`[data-act="${act}"]`);
    if (reasons.length > 0) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    this.reasons(act, reasons.map((reason) => this.line(reason)));
  }

  isAllowed(act: string): boolean {
    return !this.find(`[data-act="${act}"]`).hasAttribute("aria-disabled");
  }

  /** Say what a step was refused for; the site's own reasons come in the reader's language already. */
  refuse(act: string, error: SiteRefused | readonly Reason[]): void {
    const lines = error instanceof SiteRefused ? error.reasons.map((one) => ({ ...one })) : error.map((one) => this.line(one));
    this.reasons(act, lines);
  }

  /** Show one part of several and lead the keyboard to its heading. */
  only(parts: readonly string[], shown: string, focus = true): void {
    for (const part of parts) this.part(part).hidden = part !== shown;
    if (focus) this.part(shown).querySelector<HTMLElement>("[data-head]")?.focus();
  }

  toggle(name: string, shown: boolean): void {
    this.part(name).hidden = !shown;
  }

  /** Say that something is going on, and keep the button from being pressed twice. */
  busy(act: string, going: boolean): void {
    const button = this.find(`[data-act="${act}"]`);
    button.setAttribute("aria-busy", String(going));
  }

  isBusy(): boolean {
    return this.root.querySelector('[aria-busy="true"]') !== null;
  }

  input(name: string): HTMLInputElement {
    return this.find<HTMLInputElement>(`#${name}`);
  }

  get token(): string {
    return this.find<HTMLInputElement>("input[name=csrfmiddlewaretoken]").value;
  }
}
