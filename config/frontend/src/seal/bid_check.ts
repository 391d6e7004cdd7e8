/** The check of the package while the form is being filled in, and what it found, for the person.
 *
 * Enters: the chosen files, price and days. Leaves: findings in the page and whether the check still runs. All files are
 * looked through when they are chosen; when only a figure changes, only what depends on it is looked at again.
 */
import { rulesOf } from "../preflight/check.ts";
import { type Finding, type Rules, blocks, finding } from "../preflight/finding.ts";
import type { OpeningList } from "../preflight/opening_list.ts";
import type { Desk } from "./offer.ts";
import { Refused } from "./refused.ts";
import type { View } from "./view.ts";
import type { Words } from "./words.ts";
import { askWorker } from "./worker_talk.ts";

const PAUSE = 400;
const OF_FIGURES: ReadonlySet<string> = new Set(["bidding.schedule_price", "bidding.opening_list_price", "bidding.opening_list_days"]);
const TABLES: ReadonlySet<string> = new Set(["price_schedule", "opening_list"]);

export class PackageCheck {
  private readonly rules: Rules;
  private readonly tables: Rules;
  private ofFiles: readonly Finding[] = [];
  private ofFigures: readonly Finding[] = [];
  private stop = new AbortController();
  private stopFigures = new AbortController();
  private running = 0;

  constructor(
    private readonly view: View,
    private readonly words: Words,
    private readonly url: string,
    desk: Desk,
    private readonly changed: () => void,
  ) {
    this.rules = rulesOf(desk);
    this.tables = { ...this.rules, papers: this.rules.papers.filter((paper) => TABLES.has(paper.code)) };
  }

  get isRunning(): boolean {
    return this.running > 0;
  }

  /** What warns; what blocks is said beside the button. */
  get warnings(): readonly Finding[] {
    return [...this.ofFiles, ...this.ofFigures].filter((one) => !blocks(one));
  }

  /** The files changed: read the opening list, then look through all of them. Null when they changed again meanwhile. */
  async files(files: readonly File[]): Promise<OpeningList | null> {
    this.stop.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    [this.ofFiles, this.ofFigures] = [[], []];
    return this.counted(async () => {
      const list = await askWorker(this.url, "list", { files, rules: this.rules }, () => {}, signal);
      const offered = { price: "", days: "", files };
      const told = (_phase: string, done: number, total: number): void => this.tell(done, total);
      void this.counted(async () => {
        this.ofFiles = await askWorker(this.url, "check", { offered, rules: this.rules }, told, signal);
      });
      return list;
    });
  }

  /** A figure changed: compare it with the tables, once the person has stopped typing. */
  async figures(price: string, days: string, files: readonly File[]): Promise<void> {
    this.stopFigures.abort();
    this.stopFigures = new AbortController();
    const { signal } = this.stopFigures;
    await this.counted(async () => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (signal.aborted) return;
      const tables = files.filter((file) => file.name.toLowerCase().endsWith(".xlsx"));
      const offered = { price, days, files: tables };
      const found = await askWorker(this.url, "check", { offered, rules: this.tables }, () => {}, signal);
      this.ofFigures = found.filter((one) => OF_FIGURES.has(one.code));
    });
  }

  /** Run a step; one that was stopped says nothing. */
  private async counted<T>(step: () => Promise<T>): Promise<T | null> {
    this.running += 1;
    this.show();
    try {
      return await step();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return null;
      const said = error instanceof Refused ? error.codes : ["page.unchecked"];
      if (!(error instanceof Refused)) console.error(error);
      this.ofFiles = [...this.ofFiles, ...said.map((code) => finding(code))];
      return null;
    } finally {
      this.running -= 1;
      this.show();
      this.changed();
    }
  }

  private tell(done: number, total: number): void {
    this.view.fill("checking", this.words.say("Checking the files: %(done)s of %(total)s", { done: String(done + 1), total: String(total) }));
  }

  private show(): void {
    const { warnings } = this;
    this.view.part("checking").hidden = !this.isRunning;
    this.view.part("warnings").hidden = warnings.length === 0;
    this.view.part("clean").hidden = this.isRunning || warnings.length > 0 || this.ofFiles.length > 0 || !this.hasFiles;
    this.view.fill("warned", this.words.say("The check found %(count)s things to look at", { count: String(warnings.length) }));
    this.view.reasons("warnings", warnings.map((one) => this.line(one)));
  }

  private get hasFiles(): boolean {
    return (this.view.root.querySelector<HTMLInputElement>("#f-files")?.files?.length ?? 0) > 0;
  }

  private line({ code, file, facts }: Finding): { text: string; code: string } {
    return { text: this.words.reason({ code, facts: file === "" ? facts : { ...facts, name: file } }), code };
  }
}
