/** The sealing form of the bid desk: checks who can open, reads the offer, seals in a worker, sends, checks the receipt.
 *
 * Enters: the section `#sealing` with its facts and words. Leaves: a sealed bid at the site and a checked receipt with
 * the person. It stops on any doubt. Nothing plain, and no key, leaves this machine.
 */
import { clockAt } from "../site/clock.ts";
import { Lost, facts } from "./asking.ts";
import { PackageCheck } from "./bid_check.ts";
import { OwnKeyField } from "./bid_own_key.ts";
import { Sending } from "./bid_sending.ts";
import { capitals, thousands } from "./capitals.ts";
import { type Certificate, commonNames, fingerprint } from "./cms.ts";
import { type KeyFile, readCertificates, readKeyFile } from "./key_file.ts";
import { PRICE } from "./manifest.ts";
import { type Desk, type Offer, offerBlockers } from "./offer.ts";
import { inWords } from "./policy.ts";
import { type Reason, Refused } from "./refused.ts";
import { type SealedBid, checkPen, signedSheetOf } from "./sealing_bid.ts";
import type { Urls } from "./sending.ts";
import { type CustodySheet, policyOf } from "./sheet.ts";
import { groups, keyWords } from "./signed_sheet.ts";
import { View } from "./view.ts";
import { Words, type WordsOfPage, sizeInWords } from "./words.ts";
import { sealInWorker } from "./worker_talk.ts";

type Facts = Desk & { readonly urls: Urls; readonly words: WordsOfPage };

class SealingForm {
  private keys: KeyFile | null = null;
  private keyReasons: readonly Reason[] = [{ code: "bidding.key_file_missing" }];
  private siteRoots: readonly Certificate[] = [];
  private bid: SealedBid | null = null;
  /** Price and days as the opening list gave them; what the person typed is never written over. */
  private listed = { price: "", days: "" };
  private items: Offer["items"] = [];
  private readonly words: Words;
  private readonly check: PackageCheck;
  private readonly own: OwnKeyField;
  private readonly sending: Sending;
  private readonly clock = clockAt(document.documentElement.dataset["timeUrl"] ?? "/clock");

  constructor(
    private readonly view: View,
    private desk: Facts,
  ) {
    this.words = new Words(desk.words);
    this.check = new PackageCheck(view, this.words, this.worker, desk, () => this.showReasons(this.reasons));
    this.own = new OwnKeyField(view, this.words, this.worker, () => this.asksBidder);
    this.sending = new Sending(view, this.words, this.clock, desk.urls, () => this.desk.deadline, () => this.roots);
  }

  async start(): Promise<void> {
    if (!window.isSecureContext || crypto.subtle === undefined) return this.stop([{ code: "page.insecure" }]);
    const form = this.view.part("form") as HTMLFormElement;
    form.addEventListener("input", (event) => void this.changed(event.target as HTMLInputElement));
    // A file that was mended and chosen again under its old name is no change to the browser, but new to us.
    form.addEventListener("cancel", (event) => void this.changed(event.target as HTMLInputElement), true);
    // Opening a key file takes a second: not with every letter of its passphrase.
    this.field("own-pass")?.addEventListener("change", () => {
      if ((this.field("own")?.files?.length ?? 0) > 0) void this.guarded(() => this.ownKeyChanged(() => this.own.read()));
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    this.view.on("seal", () => void this.guarded(() => this.seal()));
    this.view.on("send", () => void this.guarded(() => this.send()));
    this.view.on("retry", () => void this.guarded(() => this.send()));
    this.view.on("again", () => this.view.show("form"));
    this.view.on("make-own", () => void this.guarded(() => this.ownKeyChanged(() => this.own.make())));
    await this.guarded(async () => {
      const trust = await facts<{ roots: string }>(this.desk.urls.trust);
      this.siteRoots = readCertificates(trust.roots);
      await this.clock.measure(3);
      this.showCustody(await this.checkedSheet());
      this.view.show("form", false);
      await this.changed(null);
    });
  }

  private get worker(): string {
    return this.view.root.dataset["worker"] ?? "";
  }

  /** Whether the policy gives the bidder a leaf. */
  private get asksBidder(): boolean {
    return this.view.root.hasAttribute("data-asks-bidder");
  }

  /** The own clock; in the demo the demo's, which stands in another year. */
  private now(): Date {
    const server = this.view.root.hasAttribute("data-site-clock") ? this.clock.now() : null;
    return new Date(server ?? Date.now());
  }

  /** The authorities pinned by the person's own file, else those that the site names. */
  private get roots(): readonly Certificate[] {
    return this.keys !== null && this.keys.roots.length > 0 ? this.keys.roots : this.siteRoots;
  }

  private checkedSheet(): Promise<CustodySheet> {
    return signedSheetOf(this.desk, this.roots, this.now());
  }

  private showCustody(sheet: CustodySheet): void {
    const names = new Map(this.desk.sheet?.leaves.map((leaf) => [leaf.label, leaf.name]));
    const who = (label: string, holder: string): string => `${label}  ${names.get(label) ?? ""} ${holder}`;
    this.view.fill("policy", inWords(policyOf(sheet), this.words.say));
    this.view.list("leaves", sheet.leaves.map((leaf) => [who(leaf.label, leaf.holder), keyWords(leaf.key)]));
    const pinned = this.roots !== this.siteRoots;
    this.view.fill("trust", this.words.say(pinned ? "Authorities pinned by your own file" : "Authorities named by this site", {}));
    this.view.fill("roots", this.roots.map((root) => groups(fingerprint(root))).join(" · "));
    this.view.part("custody").hidden = false;
  }

  private field(name: string): HTMLInputElement | null {
    return this.view.root.querySelector(`#f-${name}`);
  }

  private get offer(): Offer {
    return {
      price: this.field("price")?.value.trim() ?? "",
      days: this.field("days")?.value.trim() ?? "",
      items: this.items,
      files: [...(this.field("files")?.files ?? [])],
      cover: this.field("cover")?.files?.[0] ?? null,
      own: this.own.key,
    };
  }

  private get reasons(): Reason[] {
    const checking: Reason[] = this.check.isRunning ? [{ code: "page.checking" }] : [];
    return [...offerBlockers(this.offer, this.desk), ...this.keyReasons, ...this.own.reasons, ...checking];
  }

  /** Something in the form changed: say what it means, and what still stands against sealing. */
  private async changed(field: HTMLInputElement | null): Promise<void> {
    const name = field?.id.replace("f-", "") ?? "";
    if (name === "keys" || name === "passphrase") await this.readKeys();
    if (name === "own") await this.ownKeyChanged(() => this.own.read());
    if (name === "files") await this.filesChanged();
    if (["files", "price", "days"].includes(name)) void this.check.figures(this.offer.price, this.offer.days, this.offer.files);
    const { price, files } = this.offer;
    this.view.fill("capitals", PRICE.test(price) ? capitals(price) : "");
    const size = sizeInWords(files.reduce((sum, file) => sum + file.size, 0));
    const count = String(files.length);
    this.view.fill("files", files.length > 0 ? this.words.say("%(count)s files, %(size)s", { count, size }) : "");
    this.showReasons(this.reasons);
  }

  /** The opening list among the files fills in what is still empty, or what an earlier list had filled in. */
  private async filesChanged(): Promise<void> {
    const list = await this.check.files(this.offer.files);
    if (list === null) return;
    for (const name of ["price", "days"] as const) {
      const field = this.field(name);
      if (field === null || list[name] === "") continue;
      const untouched = field.value.trim() === "" || field.value === this.listed[name] || field.value === field.defaultValue;
      if (untouched) field.value = list[name];
    }
    this.listed = { price: list.price, days: list.days };
    this.items = list.items;
    this.view.fill("listed", list.price === "" ? "" : this.words.say("Price, duration and further lines are taken from the opening list.", {}));
  }

  private async ownKeyChanged(step: () => Promise<void>): Promise<void> {
    await step();
    this.showReasons(this.reasons);
  }

  private showReasons(reasons: readonly Reason[]): void {
    const button = this.view.find('[data-act="seal"]');
    if (reasons.length > 0) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    this.view.reasons("why", reasons.map((reason) => this.line(reason)));
  }

  private line(reason: Reason): { text: string; code: string } {
    return { text: this.words.reason(reason), code: reason.code };
  }

  private async readKeys(): Promise<void> {
    const files = [...(this.field("keys")?.files ?? [])];
    const before = this.roots;
    try {
      const texts = await Promise.all(files.map((file) => file.text()));
      this.keys = await readKeyFile(texts.join("\n"), this.field("passphrase")?.value ?? "");
      await checkPen(this.keys.pen, this.desk, this.roots, this.now());
      this.keyReasons = [];
      this.view.fill("keys", this.signer(this.keys.pen.certificate));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.keyReasons = error.reasons;
      this.view.fill("keys", "");
    }
    if (this.roots !== before) await this.guarded(async () => this.showCustody(await this.checkedSheet()));
  }

  private signer(certificate: Certificate): string {
    const until = certificate.notAfter.value.toISOString().slice(0, 10);
    return this.words.say("The key of %(name)s, valid until %(until)s", { name: commonNames(certificate).join(), until });
  }

  private async seal(): Promise<void> {
    const { keys, reasons } = this;
    this.showReasons(reasons);
    if (reasons.length > 0 || keys === null) return;
    const before = this.desk.sheet?.digest;
    this.desk = { ...this.desk, ...(await facts<Desk>(this.desk.urls.desk)) };
    if (this.desk.sheet?.digest !== before) return this.stop([{ code: "bidding.sheet_changed" }]);
    const sheet = await this.checkedSheet();
    const job = { desk: this.desk, offer: this.offer, pen: keys.pen, roots: this.roots, at: this.now() };
    this.view.show("working");
    const bar = this.view.find<HTMLProgressElement>("progress.seal-progress");
    try {
      this.bid = await sealInWorker(this.worker, job, (phase, done, total) => {
        this.view.fill("phase", this.words.say(phase === "sealing" ? "Sealing" : "Reading the files", {}));
        bar.value = total > 0 ? done / total : 1;
        this.view.fill("done", `${sizeInWords(done)} / ${sizeInWords(total)}`);
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.view.show("form");
      return this.showReasons(error.reasons);
    }
    this.showSealed(this.bid, job.offer, keys, sheet);
  }

  private showSealed(bid: SealedBid, offer: Offer, keys: KeyFile, sheet: CustodySheet): void {
    this.view.fill("sealed-price", thousands(offer.price));
    this.view.fill("sealed-capitals", capitals(offer.price));
    this.view.fill("sealed-days", this.words.say("%(days)s days", { days: offer.days }));
    this.view.fill("sealed-files", offer.files.map((file) => `${file.name} (${sizeInWords(file.size)})`).join(", "));
    this.view.fill("sealed-by", this.signer(keys.pen.certificate));
    this.view.fill("sealed-to", inWords(policyOf(sheet), this.words.say));
    const { warnings } = this.check;
    const count = String(warnings.length);
    this.view.fill("sealed-check", this.words.say(count === "0" ? "Nothing found" : "%(count)s warnings, sealed all the same", { count }));
    this.view.fill("sealed-own", this.words.say(offer.own ? "With your own key you can look at it later." : "Nobody can look at it before the opening, you neither.", {}));
    this.view.fill("sealed-size", sizeInWords(bid.size));
    this.view.fill("sealed-digest", `SHA-256 ${bid.digest}`);
    this.view.saves("save", bid.file, `${bid.lot}-${bid.submission.slice(0, 8)}.age`);
    this.view.show("sealed");
  }

  private async send(): Promise<void> {
    if (this.bid !== null) await this.sending.send(this.bid);
  }

  private stop(reasons: readonly Reason[]): void {
    this.view.part("custody").hidden = true;
    this.view.reasons("stop", reasons.map((reason) => this.line(reason)));
    this.view.show("stop");
  }

  /** Run a step; whatever it refuses or breaks ends at a plain sentence. */
  private async guarded(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (error instanceof Refused) return this.stop(error.reasons);
      if (error instanceof Lost) return this.stop([{ code: "page.lost" }]);
      console.error(error);
      this.stop([{ code: "page.broken" }]);
    }
  }
}

const root = document.querySelector<HTMLElement>("#sealing");
const given = document.getElementById(root?.dataset["facts"] ?? "")?.textContent;
if (root !== null && given) void new SealingForm(new View(root), JSON.parse(given) as Facts).start();
