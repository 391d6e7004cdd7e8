/** The page /verify: a bundle is dropped or chosen, and the numbered list fills with verdicts (supervision/verify.html).
 *
 * Enters: the section `#verifying` with its facts and words, a file. Leaves: what a person sees. The file goes to the
 * worker of this page and nowhere else; the only things fetched are the site's key and roots, and the site's own bundle.
 */
import { View } from "../seal/view.ts";
import { english } from "../seal/policy.ts";
import { sizeInWords } from "../seal/words.ts";
import type { Fault, Result } from "./findings.ts";
import type { Answer, Asked } from "./talk.ts";
import type { Head } from "./verifying.ts";

interface Given {
  readonly log_key: string;
  readonly roots: string;
  readonly bundle: string;
  readonly name: string;
  readonly words: {
    readonly reasons: Readonly<Record<string, string>>;
    readonly undone: Readonly<Record<string, string>>;
    readonly say: Readonly<Record<string, string>>;
  };
}
type Badge = "passed" | "failed" | "undone" | "going";

const MOST_FAULTS = 20; // beside one check; a thousand forged leaves need no thousand lines

class Stopped extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

class VerifyPage {
  private worker: Worker | null = null;
  private readonly results = new Map<number, Result>();
  private about: Head | null = null;

  constructor(private readonly view: View, private readonly given: Given) {}

  start(): void {
    const [drop, bundle] = [this.view.part("drop"), this.field("bundle")];
    for (const name of ["t-site", "t-own"]) {
      this.view.find(`#${name}`).addEventListener("change", () => {
        this.view.part("own").hidden = !this.isOwn;
      });
    }
    bundle.addEventListener("change", () => {
      const file = bundle.files?.[0];
      if (file) void this.check(file, file.name);
    });
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.dataset["over"] = "";
      });
    }
    drop.addEventListener("dragleave", () => delete drop.dataset["over"]);
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      delete drop.dataset["over"];
      const file = event.dataTransfer?.files[0];
      if (file) void this.check(file, file.name);
    });
    this.view.on("fetch", () => void this.check(null, this.given.name));
    this.view.root.hidden = false;
  }

  private get isOwn(): boolean {
    return this.view.find<HTMLInputElement>("#t-own").checked;
  }
  private field(name: string): HTMLInputElement {
    return this.view.find<HTMLInputElement>(`[data-field="${name}"]`);
  }
  private say(sentence: string, facts: Record<string, string> = {}): string {
    return english(this.given.words.say[sentence] ?? sentence, facts);
  }

  /** Check a file, or the site's own bundle when there is none. */
  private async check(file: Blob | null, name: string): Promise<void> {
    this.worker?.terminate();
    this.clear();
    try {
      const bundle = file ?? (await fetched(this.given.bundle));
      this.view.fill("going", this.say("Reading %(name)s (%(size)s)", { name, size: sizeInWords(bundle.size) }));
      this.ask({ bundle, ...(await this.trusted()) });
    } catch (error) {
      this.stop(error instanceof Stopped ? error.code : "page.broken");
    }
  }

  private async trusted(): Promise<{ logKey: string; roots: string }> {
    if (!this.isOwn) {
      const [key, roots] = await Promise.all([fetched(this.given.log_key), fetched(this.given.roots)]);
      return { logKey: await key.text(), roots: await roots.text() };
    }
    const [key, roots] = [this.field("log-key").files?.[0], this.field("roots").files?.[0]];
    if (!key) throw new Stopped("page.log_key");
    if (!roots) throw new Stopped("page.roots");
    return { logKey: await key.text(), roots: await roots.text() };
  }

  private ask(asked: Asked): void {
    const worker = new Worker(this.view.root.dataset["worker"] ?? "", { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.told(data);
    worker.onerror = () => this.stop("page.broken");
    worker.postMessage(asked);
  }

  private told(answer: Answer): void {
    if (answer.kind === "head") this.about = answer.head;
    else if (answer.kind === "refused") this.stop(answer.code);
    else if (answer.kind === "done") this.end();
    else if (answer.kind === "result") this.show(answer.result);
    else {
      this.view.fill("going", this.say("Check %(number)s of %(last)s", { number: String(answer.number), last: String(rows().length) }));
      this.badge(answer.number, "going");
    }
  }

  private stop(code: string): void {
    this.worker?.terminate();
    this.view.fill("going", "");
    const line = document.createElement("li");
    line.textContent = this.given.words.reasons[code] ?? code;
    this.view.part("why").replaceChildren(line);
  }

  private clear(): void {
    this.results.clear();
    this.about = null;
    this.view.part("why").replaceChildren();
    this.view.part("verdict").hidden = true;
    for (const row of rows()) {
      row.querySelector("[data-verdict]")?.replaceChildren();
      row.querySelector(".why, .faults")?.remove();
    }
  }

  private badge(number: number, badge: Badge): void {
    const copy = this.view.find<HTMLTemplateElement>(`template[data-badge="${badge}"]`).content.cloneNode(true);
    rowOf(number)?.querySelector("[data-verdict]")?.replaceChildren(copy);
  }

  private show(result: Result): void {
    const { number, faults, undone } = result;
    this.results.set(number, result);
    this.badge(number, faults.length > 0 ? "failed" : undone ? "undone" : "passed");
    if (faults.length > 0) rowOf(number)?.append(this.faultList(faults));
    else if (undone) rowOf(number)?.append(paragraph("why", this.given.words.undone[undone] ?? undone));
  }

  private faultList(faults: readonly Fault[]): HTMLElement {
    const list = document.createElement("ul");
    list.className = "faults";
    for (const fault of faults.slice(0, MOST_FAULTS)) {
      const [line, code] = [document.createElement("li"), document.createElement("span")];
      [code.className, code.textContent] = ["code", fault.code];
      line.append(`${this.sentence(fault)} `, code);
      list.append(line);
    }
    if (faults.length > MOST_FAULTS) list.append(paragraph("", `… + ${faults.length - MOST_FAULTS}`, "li"));
    return list;
  }

  private sentence({ code, facts }: Fault): string {
    const said = Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, this.given.words.say[fact] ?? fact]));
    const lot = facts["lot"] === undefined ? "" : `${facts["lot"]}: `;
    return lot + english(this.given.words.reasons[code] ?? code, said);
  }

  /** The whole in a few sentences, and the keyboard led to it. */
  private end(): void {
    this.view.fill("going", "");
    const results = [...this.results.values()];
    const isGood = results.every((one) => one.faults.length === 0);
    const { about } = this;
    this.view.fill("verdict", this.say(isGood ? "Everything that could be checked holds" : "This evidence does not hold"));
    const kind = about?.isPublic ? "Public" : "Regulator's";
    const facts = { tender: about?.tender ?? "", lots: String(about?.lots ?? 0), entries: String(about?.entries ?? 0) };
    this.view.fill("about", about === null ? "" : this.say(`${kind} bundle of %(tender)s: %(lots)s lots, %(entries)s entries.`, facts));
    this.view.part("counts").replaceChildren(...this.counts(results).map((text) => paragraph("", text, "li")));
    const failed = results.filter((one) => one.faults.length > 0).map((one) => linkTo(one.number));
    if (failed.length > 0) this.view.part("counts").prepend(...failed.map(listed));
    this.view.fill("trusted", this.say(this.isOwn ? "This was checked with the key and the roots that you brought." : SITE));
    const note = this.view.part("note");
    note.classList.toggle("tone-good", isGood);
    note.classList.toggle("tone-halt", !isGood);
    const icon = this.view.find<HTMLTemplateElement>(`template[data-icon="${isGood ? "good" : "halt"}"]`);
    this.view.part("note-icon").replaceChildren(icon.content.cloneNode(true));
    this.view.part("verdict").hidden = false;
    this.view.find("[data-fill='verdict']").focus();
  }

  private counts(results: readonly Result[]): string[] {
    const failed = results.filter((one) => one.faults.length > 0).length;
    const of = (...why: string[]): number => results.filter((one) => one.faults.length === 0 && why.includes(one.undone)).length;
    const rows: Array<readonly [string, number]> = [
      ["%(count)s checks passed.", of("")],
      [failed === 1 ? "1 check failed." : "%(count)s checks failed.", failed],
      ["%(count)s need the regulator's bundle.", of("public")],
      ["%(count)s can be done at a later stage of the tender.", of("early", "members", "panel", "report")],
      ["%(count)s were not reached.", of("unreached")],
      ["%(count)s are not made in this page.", of("elsewhere")],
    ];
    return rows.filter(([, count]) => count > 0).map(([text, count]) => this.say(text, { count: String(count) }));
  }
}

const SITE =
  "This was checked with the site's own key: it shows that the site keeps to one story. With a key that you " +
  "kept yourself it also shows that it is the story it told you before.";

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-check]")];
}

function rowOf(number: number): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-check="${number}"]`);
}

function paragraph(className: string, text: string, tag = "p"): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** A link to a check in the list below. */
function linkTo(number: number): HTMLElement {
  const made = document.createElement("a");
  made.href = `#check-${number}`;
  made.textContent = `${number}. ${rowOf(number)?.querySelector(".check-head span")?.textContent?.trim() ?? ""}`;
  return made;
}

function listed(link: HTMLElement): HTMLElement {
  const line = document.createElement("li");
  line.append(link);
  return line;
}

async function fetched(url: string): Promise<Blob> {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) throw new Stopped("page.lost");
  return answer.blob();
}

const section = document.querySelector<HTMLElement>("#verifying");
if (section !== null) {
  const facts = document.getElementById(section.dataset["facts"] ?? "")?.textContent ?? "{}";
  new VerifyPage(new View(section), JSON.parse(facts) as Given).start();
}
