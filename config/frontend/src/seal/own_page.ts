/** What a bidder does with the own key beside sealing: look at what was sent, give the own share at the opening.
 *
 * Enters: the sections `#looking` and `#own-share` with their facts and words. Leaves: what lies in the own envelope, in
 * the page alone; a share at the site. The own key is opened in the worker and never leaves it.
 */
import { Lost, SiteRefused, asked, facts, post } from "./asking.ts";
import { type Bytes, base64, unbase64 } from "./bytes.ts";
import { capitals, thousands } from "./capitals.ts";
import type { Certificate } from "./cms.ts";
import { readCertificates } from "./key_file.ts";
import type { Manifest } from "./manifest.ts";
import type { ShareFacts } from "./own_share.ts";
import { type Reason, Refused } from "./refused.ts";
import { View } from "./view.ts";
import { Words, type WordsOfPage, sizeInWords } from "./words.ts";
import { type LookAsk, type OwnFile, askWorker, packed } from "./worker_talk.ts";

/** How the quoted lines that the house knows are called. */
const LABELS: Readonly<Record<string, string>> = { days: "Duration", quality: "Quality standard", manager: "Manager of the works" };

interface OwnFacts {
  readonly words: WordsOfPage;
  readonly sheet: string;
  readonly urls: { readonly trust: string; readonly envelope: string; readonly receipt: string; readonly share: string; readonly give: string };
}

class OwnPage {
  protected readonly words: Words;
  protected roots: readonly Certificate[] = [];

  constructor(
    protected readonly view: View,
    protected readonly given: OwnFacts,
  ) {
    this.words = new Words(given.words);
  }

  protected field<T extends HTMLInputElement | HTMLSelectElement = HTMLInputElement>(name: string): T {
    return this.view.find<T>(`[data-field="${name}"]`);
  }

  protected chosen(name: string): File | null {
    return this.field(name).files?.[0] ?? null;
  }

  protected async trust(): Promise<void> {
    if (this.roots.length > 0) return;
    this.roots = readCertificates((await facts<{ roots: string }>(this.given.urls.trust)).roots);
  }

  /** The own key as chosen. Refused when there is none. */
  protected async ownFile(): Promise<OwnFile> {
    const file = this.chosen("own");
    if (file === null) throw new Refused([{ code: "bidding.identity_missing" }]);
    return { identity: new Uint8Array(await file.arrayBuffer()), passphrase: this.field("own-pass").value };
  }

  protected get worker(): string {
    return this.view.root.dataset["worker"] ?? "";
  }

  /** Run a step; whatever it refuses is said beside the button. */
  protected async step(act: () => Promise<void>): Promise<void> {
    const button = this.view.find<HTMLButtonElement>("[data-main]");
    this.view.reasons("why", []);
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    try {
      await act();
    } catch (error) {
      this.view.reasons("why", this.reasonsIn(error));
    } finally {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  }

  private reasonsIn(error: unknown): { text: string; code: string }[] {
    const line = (reason: Reason): { text: string; code: string } => ({ text: this.words.reason(reason), code: reason.code });
    if (error instanceof SiteRefused) return error.reasons.map(({ code, text }) => ({ code, text: text || this.words.reason({ code }) }));
    if (error instanceof Refused) return error.reasons.map(line);
    if (error instanceof Lost) return [line({ code: "page.lost_here" })];
    console.error(error);
    return [line({ code: "page.broken" })];
  }
}

class Looking extends OwnPage {
  start(): void {
    this.view.on("look", () => void this.step(() => this.look()));
    this.view.root.hidden = false;
  }

  /** The chosen file, else the one that the site keeps under the chosen receipt. */
  private async sealed(number: string): Promise<Blob> {
    const file = this.chosen("sealed");
    if (file !== null) return file;
    this.view.fill("looking", this.words.say("Fetching the sealed file", {}));
    return (await asked(this.given.urls.envelope.replace("NUMBER", number))).blob();
  }

  private async ask(): Promise<LookAsk> {
    await this.trust();
    const own = await this.ownFile();
    const number = this.field<HTMLSelectElement>("receipt").value;
    const receipt = await facts<unknown>(this.given.urls.receipt.replace("NUMBER", number));
    const file = await this.sealed(number);
    return { ...own, file, sheet: unbase64(this.given.sheet) as Bytes, roots: packed(this.roots), receipt, extract: null };
  }

  private async look(): Promise<void> {
    this.view.part("found").hidden = true;
    try {
      const ask = await this.ask();
      const { manifest, digest } = await this.inWorker(ask);
      this.show(manifest, digest, ask);
    } finally {
      this.view.fill("looking", "");
    }
  }

  private inWorker(ask: LookAsk) {
    return askWorker(this.worker, "look", ask, (_phase, done, total) => {
      const facts = { done: sizeInWords(done), total: sizeInWords(total) };
      this.view.fill("looking", this.words.say("Looking: %(done)s of %(total)s", facts));
    });
  }

  private show(manifest: Manifest, digest: string, ask: LookAsk): void {
    this.view.fill("found-price", thousands(manifest.price));
    this.view.fill("found-capitals", capitals(manifest.price));
    this.view.fill("found-items", manifest.items.map(({ name, value }) => `${this.words.say(LABELS[name] ?? name, {})}: ${value}`).join(" · "));
    this.view.fill("found-time", new Date(manifest.time).toLocaleString(document.documentElement.lang));
    this.view.fill("found-digest", `SHA-256 ${digest}`);
    this.view.part("found-files").replaceChildren(...manifest.files.map((entry) => this.row(entry.name, entry.size, ask)));
    this.view.part("found").hidden = false;
    this.view.part("found").querySelector<HTMLElement>("[data-head]")?.focus();
  }

  private row(name: string, size: number, ask: LookAsk): HTMLTableRowElement {
    const line = document.createElement("tr");
    const [first, second, third] = [line.insertCell(), line.insertCell(), line.insertCell()];
    [first.textContent, second.textContent, second.className] = [name, sizeInWords(size), "num"];
    const save = document.createElement("button");
    [save.type, save.className, save.textContent] = ["button", "btn btn-link btn-sm", this.words.say("Save", {})];
    save.addEventListener("click", () => void this.step(() => this.save(name, ask)));
    third.append(save);
    return line;
  }

  private async save(name: string, ask: LookAsk): Promise<void> {
    const { extracted } = await this.inWorker({ ...ask, extract: name });
    this.view.fill("looking", "");
    if (extracted === null) return;
    const link = document.createElement("a");
    [link.href, link.download] = [URL.createObjectURL(extracted), name];
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

class OwnShare extends OwnPage {
  start(): void {
    this.view.on("give", () => void this.step(() => this.give()));
    this.view.root.hidden = false;
    const shown = facts<ShareFacts>(this.given.urls.share);
    // What cannot be asked now is said when the share is given.
    void shown.then(({ given }) => (given ? this.showGiven() : null)).catch(() => null);
  }

  private showGiven(): void {
    this.view.part("ask").hidden = true;
    this.view.part("given").hidden = false;
    this.view.find("#share-title").hidden = true;
  }

  private async give(): Promise<void> {
    await this.trust();
    const own = await this.ownFile();
    const shown = await facts<ShareFacts>(this.given.urls.share);
    const file = this.chosen("receipt");
    const receipt: unknown = file === null ? await facts(this.given.urls.receipt.replace("NUMBER", shown.receipt)) : await parsed(file);
    const { share } = await askWorker(this.worker, "share", { ...own, facts: shown, roots: packed(this.roots), receipt });
    const token = this.view.find<HTMLInputElement>("input[name=csrfmiddlewaretoken]").value;
    await post(this.given.urls.give, token, { share: base64(share) });
    this.showGiven();
    this.view.part("given").querySelector<HTMLElement>("[data-head]")?.focus();
  }
}

async function parsed(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new Refused([{ code: "bidding.receipt_form" }]);
  }
}

function begin(id: string, made: new (view: View, given: OwnFacts) => { start(): void }): void {
  const root = document.getElementById(id);
  const text = document.getElementById(root?.dataset["facts"] ?? "")?.textContent;
  if (root !== null && text) new made(new View(root), JSON.parse(text) as OwnFacts).start();
}

begin("looking", Looking);
begin("own-share", OwnShare);
