/** The bidder's own key in the form: chosen as a file, or made here. Only its public half is used for sealing.
 *
 * Enters: the fields #f-own and #f-own-pass. Leaves: the public key, or the reasons why there is none. Under a policy with
 * `b` it is needed; else it lets the bidder look at what was sealed.
 */
import type { Bytes } from "./bytes.ts";
import { parseRecipient } from "./points.ts";
import { type Reason, Refused } from "./refused.ts";
import { keyWords } from "./signed_sheet.ts";
import type { View } from "./view.ts";
import type { Words } from "./words.ts";
import { askWorker } from "./worker_talk.ts";

const PUBLIC = /^age1[0-9a-z]+$/;

export class OwnKeyField {
  key: Bytes | null = null;
  private said: readonly Reason[] = [];

  constructor(
    private readonly view: View,
    private readonly words: Words,
    private readonly url: string,
    private readonly needed: () => boolean,
  ) {}

  get reasons(): readonly Reason[] {
    return this.said.length > 0 || this.key !== null || !this.needed() ? this.said : [{ code: "bidding.own_key_missing" }];
  }

  private field(name: string): HTMLInputElement {
    return this.view.find<HTMLInputElement>(`#f-${name}`);
  }

  /** The chosen file changed, or its passphrase. */
  async read(): Promise<void> {
    const [file] = this.field("own").files ?? [];
    await this.tried(async () => (file === undefined ? null : await this.publicIn(file)));
  }

  /** Make a key and let the person save it. */
  async make(): Promise<void> {
    await this.tried(async () => {
      this.view.fill("own", this.words.say("Making the key: this takes some seconds", {}));
      const made = await askWorker(this.url, "make", { passphrase: this.field("own-pass").value });
      this.view.saves("save-own", new Blob([made.file], { type: "text/plain" }), "own.key");
      this.field("own").value = "";
      return made.key;
    });
  }

  private async publicIn(file: File): Promise<Bytes> {
    const text = (await file.text()).trim();
    if (PUBLIC.test(text)) return parseRecipient(text);
    const identity = new Uint8Array(await file.arrayBuffer());
    return (await askWorker(this.url, "own", { identity, passphrase: this.field("own-pass").value })).key;
  }

  private async tried(step: () => Promise<Bytes | null>): Promise<void> {
    try {
      [this.key, this.said] = [await step(), []];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      [this.key, this.said] = [null, error.reasons];
    }
    const print = this.key === null ? "" : keyWords(this.key);
    this.view.fill("own", print === "" ? "" : this.words.say("Your own key, fingerprint %(print)s", { print }));
  }
}
