/** Sending a sealed bid in the page: the finish line, the checked receipt, the signed refusal.
 *
 * Enters: a sealed bid. Leaves: what a person sees, step by step. What may pass is offered again; a refusal of the site is
 * a verdict, and its signed record is the person's to keep.
 */
import type { ServerClock } from "../site/clock.ts";
import { Lost, type SaidReason, SiteRefused } from "./asking.ts";
import type { Certificate } from "./cms.ts";
import { Pacer, spare } from "./pace.ts";
import { checkOwn, checkReceipt } from "./receipt.ts";
import { Refused } from "./refused.ts";
import type { SealedBid } from "./sealing_bid.ts";
import { type Urls, lodgeCover, receiptOf, upload } from "./sending.ts";
import type { View } from "./view.ts";
import { type Words, sizeInWords } from "./words.ts";

export class Sending {
  private checked = false;

  constructor(
    private readonly view: View,
    private readonly words: Words,
    private readonly clock: ServerClock,
    private readonly urls: Urls,
    private readonly deadline: () => string | null,
    private readonly roots: () => readonly Certificate[],
  ) {
    // A closed tab would stop an upload that its owner takes for sent.
    window.addEventListener("beforeunload", (event) => {
      if (!this.view.part("sending").hidden && !this.checked) event.preventDefault();
    });
  }

  async send(bid: SealedBid): Promise<void> {
    const token = this.view.find<HTMLInputElement>("input[name=csrfmiddlewaretoken]").value;
    this.checked = false;
    this.view.show("sending");
    this.view.part("lost").hidden = true;
    this.view.fill("sent-digest", `SHA-256 ${bid.digest}`);
    const pacer = new Pacer(bid.size);
    try {
      if (bid.cover !== null) await lodgeCover(this.urls, token, bid.cover);
      await upload(this.urls, token, bid, (sent) => this.showPace(pacer, bid, sent));
      await this.showReceipt(bid, await receiptOf(this.urls, bid));
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    if (error instanceof SiteRefused) return this.showRefused(error);
    const lost = error instanceof Lost ? [{ code: "page.lost" }] : error instanceof Refused ? error.reasons : null;
    if (lost === null) throw error;
    this.view.reasons("lost", lost.map((reason) => ({ text: this.words.reason(reason), code: reason.code })));
    this.view.part("lost").hidden = false;
    this.view.find('[data-act="retry"]').focus();
  }

  private showPace(pacer: Pacer, bid: SealedBid, sent: number): void {
    const percent = Math.floor((sent / bid.size) * 100);
    this.view.find<SVGElement>(".ring-done").setAttribute("stroke-dasharray", `${percent} 100`);
    this.view.fill("percent", `${percent} %`);
    this.view.fill("sent", `${sizeInWords(sent)} / ${sizeInWords(bid.size)}`);
    pacer.mark(performance.now(), sent);
    const pace = pacer.pace();
    if (pace === null) return;
    const [speed, left] = [sizeInWords(pace.speed), this.words.span(pace.left)];
    this.view.fill("speed", this.words.say("%(speed)s a second, %(left)s more", { speed, left }));
    const [now, deadline] = [this.clock.now(), this.deadline()];
    if (now === null || deadline === null) return;
    this.showFinish(spare(pace, now, Date.parse(deadline)));
  }

  private showFinish(rest: number): void {
    const sentence = rest > 0
      ? "You will finish %(spare)s before the deadline."
      : "At this speed you will be %(late)s late. Nothing stamped in time is dropped, but what is late is refused.";
    const text = this.words.say(sentence, { spare: this.words.span(rest), late: this.words.span(-rest) });
    this.view.fill("finish", `${rest > 0 ? "✓" : "!"} ${text}`);
    this.view.find(".finish-line").classList.toggle("is-late", rest <= 0);
  }

  private async showReceipt(bid: SealedBid, file: unknown): Promise<void> {
    const checked = await checkReceipt(file, this.roots());
    const { lot, submission, size, digest, header } = bid;
    checkOwn(checked, { lot, submission, size, digest, header });
    this.checked = true;
    const number = String(checked.values["number"]);
    const said = (file as { says: { stamp: string } }).says.stamp;
    this.view.fill("number", number);
    this.view.fill("stamp", beijing(said));
    this.view.fill("receipt-digest", `SHA-256 ${digest}`);
    this.view.saves("save-receipt", jsonFile(file), `receipt-${number}.json`);
    this.view.saves("save-sent", bid.file, `${bid.lot}-${bid.submission.slice(0, 8)}.age`);
    this.view.show("receipt");
  }

  private showRefused(refusal: SiteRefused): void {
    const text = (reason: SaidReason): string => reason.text || this.words.reason(reason);
    this.view.reasons("refused", refusal.reasons.map((reason) => ({ text: text(reason), code: reason.code })));
    if (refusal.receipt !== null) this.view.saves("save-refusal", jsonFile(refusal.receipt), "refusal.json");
    this.view.show("refused");
  }
}

function jsonFile(value: unknown): Blob {
  return new Blob([`${JSON.stringify(value, null, 1)}\n`], { type: "application/json" });
}

/** An instant with microseconds in Beijing time. */
function beijing(stamp: string): string {
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? "";
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });
  return `${shown.format(new Date(stamp))}.${fraction}`;
}
