/** A custodian's desk for one lot: one confirmation gives the shares of all its bids (sealing.md, "Opening" 2, 3).
 *
 * Enters: the section `#giving` with its facts and words. Leaves: one signed batch at the site. Everything is checked
 * before anything is decrypted; when the line drops the batch is kept in this page and sent again, and the site takes
 * the same batch twice as once.
 */
import { Lost, SiteRefused, facts as factsAt, post } from "../seal/asking.ts";
import { type Bytes, base64, hex, same, unbase64 } from "../seal/bytes.ts";
import { fingerprint, verify } from "../seal/cms.ts";
import { signWith } from "../seal/key_file.ts";
import { inWords } from "../seal/policy.ts";
import { type Reason, Refused, refuse } from "../seal/refused.ts";
import { policyOf, sheetDigest } from "../seal/sheet.ts";
import { checkSignedSheet, groups } from "../seal/signed_sheet.ts";
import { Words, type WordsOfPage } from "../seal/words.ts";
import type { HeaderFacts } from "./giving.ts";
import { type GiveAsk, Keeper } from "./keeper_talk.ts";
import { logKeyOf } from "./log.ts";
import { browserShelf, compare, recall } from "./memory.ts";
import { OwnFiles, type Trust } from "./own_files.ts";
import { PageClock } from "./page_clock.ts";
import { Panel } from "./panel.ts";

interface Given {
  readonly lot: string;
  readonly round: number;
  readonly urls: Readonly<Record<"headers" | "release" | "sheet" | "trust" | "page", string>>;
  readonly words: WordsOfPage;
}

interface SheetFacts {
  readonly sheet: string;
  readonly signatures: Readonly<Record<string, string>>;
}

interface Body {
  readonly leaf: string;
  readonly shares: ReadonlyArray<{ readonly receipt: string; readonly share: string | null }>;
  readonly signature: string;
}

const PARTS = ["stop", "files", "confirm", "working", "lost", "done"];
const PAUSES = [500, 1000, 2000, 4000]; // milliseconds before the batch is sent once more by itself

class GivingDesk {
  private readonly panel: Panel;
  private readonly words: Words;
  private readonly keeper: Keeper;
  private readonly clock: PageClock;
  private files: OwnFiles | null = null;
  private ask: GiveAsk | null = null;
  private body: Body | null = null;

  constructor(root: HTMLElement, private readonly given: Given) {
    this.words = new Words(given.words);
    this.panel = new Panel(root, this.words);
    this.keeper = new Keeper(root.dataset["worker"] ?? "");
    this.clock = new PageClock(root.hasAttribute("data-site-clock"));
    root.addEventListener("submit", (event) => event.preventDefault());
  }

  async start(): Promise<void> {
    if (!window.isSecureContext || crypto.subtle === undefined) return this.stop([{ code: "page.insecure" }], false);
    await this.guarded(async () => {
      const trust = await factsAt<Trust>(this.given.urls.trust);
      await this.clock.start();
      this.files = new OwnFiles(this.panel, this.words, this.keeper, trust);
      this.panel.on("open", () => void this.guarded(() => this.open()));
      this.panel.on("give", () => void this.guarded(() => this.give()));
      this.panel.on("retry", () => void this.guarded(() => this.send()));
      this.panel.on("again", () => this.panel.only(PARTS, "files"));
      window.addEventListener("online", () => void (this.panel.part("lost").hidden || this.guarded(() => this.send())));
      this.panel.only(PARTS, "files", false);
    });
  }

  /** Run a step; whatever it refuses or breaks ends at a plain sentence. A batch that is made is never lost by it. */
  private async guarded(step: () => Promise<void>): Promise<void> {
    if (this.panel.isBusy()) return;
    this.panel.busy("open", true);
    try {
      await step();
    } catch (error) {
      this.failed(error);
    } finally {
      this.panel.busy("open", false);
    }
  }

  private failed(error: unknown): void {
    const isSignedOut = error instanceof Refused && error.codes.includes("page.signed_out");
    if (this.body !== null && (error instanceof Lost || isSignedOut)) return this.lost(isSignedOut);
    if (error instanceof SiteRefused) {
      this.panel.refuse("stop", error);
      return this.panel.only(PARTS, "stop");
    }
    if (error instanceof Refused) return this.stop(error.reasons);
    if (error instanceof Lost) return this.stop([{ code: "page.lost_before" }]);
    console.error(error);
    this.stop([{ code: "page.broken" }]);
  }

  private stop(reasons: readonly Reason[], focus = true): void {
    this.panel.reasons("stop", reasons.map((reason) => this.panel.line(reason)));
    this.panel.only(PARTS, "stop", focus);
  }

  private lost(isSignedOut: boolean): void {
    this.panel.reasons("lost", [this.panel.line({ code: isSignedOut ? "page.signed_out" : "page.lost_batch" })]);
    this.panel.only(PARTS, "lost");
  }

  /** Open the files, make every check, and show what one confirmation would give. */
  private async open(): Promise<void> {
    const { files } = this;
    this.panel.fill("open-said", this.words.say("Working …", {}));
    await files?.open();
    this.panel.fill("open-said", "");
    if (!files?.pen || files.reasons.length > 0) return;
    const signed = await this.signedSheet(files);
    const facts = await factsAt<HeaderFacts>(this.given.urls.headers);
    const logKey = logKeyOf(files.log) ?? refuse("bidding.log_key");
    const witnesses = files.witnessesFor(recall(browserShelf(), this.given.lot, BigInt(this.given.round)));
    this.ask = { facts, signed, now: this.clock.now().getTime(), logKey, witnesses };
    const { count, deadline, leaf } = await this.keeper.ask("check", this.ask);
    this.show(count, deadline, leaf);
  }

  /** The sheet in force, once every custodian's signature under it holds and one of them is by the own key. */
  private async signedSheet(files: OwnFiles): Promise<Bytes> {
    const shown = await factsAt<SheetFacts>(this.given.urls.sheet);
    const bytes = (packed: string): Bytes => unbase64(packed) ?? refuse("bidding.sheet_malformed");
    const data = bytes(shown.sheet);
    const signatures = new Map(Object.entries(shown.signatures).map(([label, packed]) => [label, bytes(packed)]));
    const at = this.clock.now();
    const sheet = await checkSignedSheet(data, signatures, files.roots, at);
    if (sheet.lot !== this.given.lot || sheet.round !== BigInt(this.given.round)) refuse("bidding.other_sheet");
    const own = sheet.leaves.find((leaf) => files.own !== null && same(leaf.key, files.own.key));
    if (own === undefined || files.own === null) return refuse("bidding.not_on_sheet");
    const signer = await verify(data, signatures.get(own.label) as Bytes, files.roots, at);
    if (!same(fingerprint(signer), files.own.certificate)) refuse("bidding.sheet_not_signed");
    const digest = hex(sheetDigest(sheet));
    compare(recall(browserShelf(), sheet.lot, sheet.round), digest, files.log);
    this.panel.fill("sheet", groups(sheetDigest(sheet)));
    this.panel.fill("policy", inWords(policyOf(sheet), this.words.say));
    return data;
  }

  private show(count: number, deadline: number, leaf: string): void {
    const number = String(count);
    this.panel.fill("count", this.words.say("%(count)s bids", { count: number }));
    this.panel.fill("leaf", leaf);
    this.panel.toggle("witnessed", !!this.ask?.witnesses);
    this.panel.toggle("unwitnessed", !this.ask?.witnesses);
    this.panel.fill("deadline", new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" }).format(deadline));
    this.panel.fill("give-word", this.words.say("Give my shares of all %(count)s bids", { count: number }));
    this.panel.only(PARTS, "confirm");
  }

  private async give(): Promise<void> {
    const [pen, ask] = [this.files?.pen, this.ask];
    if (!pen || ask === null) return;
    this.working("Decrypting your leaf of every bid");
    const bar = this.panel.find<HTMLProgressElement>("progress.giving-progress");
    const batch = await this.keeper.ask("give", { ...ask, now: this.clock.now().getTime() }, (done, total) => {
      bar.value = done / total;
      this.panel.fill("progress", `${done} / ${total}`);
    });
    const signature = base64(await signWith(pen, batch.statement, this.clock.now()));
    const shares = [...batch.shares].map(([receipt, share]) => ({ receipt, share: share && base64(share) }));
    this.body = { leaf: batch.leaf, shares, signature };
    await this.keeper.ask("forget", {});
    await this.send();
  }

  private working(phase: string): void {
    this.panel.fill("phase", this.words.say(phase, {}));
    this.panel.only(PARTS, "working");
  }

  /** Send the batch, several times if the line drops; the same batch counts once. */
  private async send(): Promise<void> {
    const { body } = this;
    if (body === null) return;
    this.working("Sending the batch");
    const done = await this.sent(body);
    this.panel.fill("done-count", this.words.say("%(count)s bids", { count: String(done.count) }));
    this.panel.fill("done-at", done.at.slice(0, 19).replace("T", " "));
    this.panel.fill("done-leaf", done.leaf);
    this.body = null;
    this.panel.only(PARTS, "done");
  }

  private async sent(body: Body): Promise<{ leaf: string; at: string; count: number }> {
    for (const pause of PAUSES) {
      try {
        return await post(this.given.urls.release, await this.freshToken(), body);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return post(this.given.urls.release, await this.freshToken(), body);
  }

  /** The token of the session as it is now: who signed in again in another window has another one. */
  private async freshToken(): Promise<string> {
    const answer = await fetch(this.given.urls.page, { cache: "no-store", headers: { Accept: "text/html" } }).catch(
      (error: unknown) => {
        throw new Lost("the site was not reached", { cause: error });
      },
    );
    if (answer.redirected && new URL(answer.url).pathname.startsWith("/accounts/")) refuse("page.signed_out");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? this.panel.token;
  }
}

const root = document.querySelector<HTMLElement>("#giving");
const given = document.getElementById(root?.dataset["facts"] ?? "")?.textContent;
if (root !== null && given) void new GivingDesk(root, JSON.parse(given) as Given).start();
