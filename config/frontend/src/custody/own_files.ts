/** The custodian's own files, chosen in the page: the signing key, and the custodian's key under its passphrase.
 *
 * Enters: the inputs of bidding/templates/bidding/custody_files.html. Leaves: a pen that cannot be taken out of the
 * browser, the public half of the custodian's key (the private one stays in the worker), and what the person pinned.
 * The inputs have no names: no form can send them.
 */
import { type Certificate, commonNames, creditCodeOf, fingerprint } from "../seal/cms.ts";
import type { Bytes } from "../seal/bytes.ts";
import { type Pen, readCertificates, readKeyFile } from "../seal/key_file.ts";
import { type Reason, Refused } from "../seal/refused.ts";
import { groups, keyWords } from "../seal/signed_sheet.ts";
import type { Words } from "../seal/words.ts";
import type { Keeper } from "./keeper_talk.ts";
import { logKeyOf } from "./log.ts";
import type { Remembered } from "./memory.ts";
import type { Panel } from "./panel.ts";
import type { Own } from "./signing_sheets.ts";
import { looksLikePolicy, readPolicy } from "./witnesses.ts";

/** What the site names for those who pinned nothing. */
export interface Trust {
  readonly roots: string;
  readonly log: string;
  readonly witnesses: string;
}

export class OwnFiles {
  pen: Pen | null = null;
  key: Bytes | null = null;
  private pinnedRoots: readonly Certificate[] = [];
  private pinnedLog: string | null = null;
  private pinnedWitnesses: string | null = null;
  private siteRoots: readonly Certificate[] = [];

  constructor(
    private readonly panel: Panel,
    private readonly words: Words,
    private readonly keeper: Keeper,
    private readonly trust: Trust,
  ) {
    this.siteRoots = readCertificates(trust.roots);
  }

  get roots(): readonly Certificate[] {
    return this.pinnedRoots.length > 0 ? this.pinnedRoots : this.siteRoots;
  }

  /** The verifier key of the log: the pinned one, else the one that the site names. */
  get log(): string {
    return this.pinnedLog ?? this.trust.log;
  }

  /** The text of the witness policy: the pinned one, else the one that the site names, "" when there is none. */
  get witnesses(): string {
    return this.pinnedWitnesses ?? this.trust.witnesses;
  }

  /** The policy to go by at an opening: the pinned one, else the one believed when the sheet was signed. */
  witnessesFor(remembered: Remembered | null): string {
    return this.pinnedWitnesses ?? (remembered?.witnesses || this.trust.witnesses);
  }

  /** What still stands against using the files. */
  get reasons(): Reason[] {
    const missing: Reason[] = [];
    if (this.pen === null) missing.push({ code: "bidding.key_file_missing" });
    if (this.key === null) missing.push({ code: "bidding.identity_missing" });
    return missing;
  }

  get own(): Own | null {
    if (this.pen === null || this.key === null) return null;
    const { certificate } = this.pen;
    return { key: this.key, certificate: fingerprint(certificate), holder: creditCodeOf(certificate) };
  }

  /** Open what was chosen; every reason is said at once. */
  async open(): Promise<void> {
    const reasons = [...(await this.tried(() => this.openPen())), ...(await this.tried(() => this.openKey()))];
    this.panel.reasons("open", reasons.map((reason) => this.panel.line(reason)));
    this.panel.fill("pen", this.pen === null ? "" : this.signer(this.pen.certificate));
    this.panel.fill("key", this.key === null ? "" : this.words.say("Your custodian's key, fingerprint %(print)s", { print: keyWords(this.key) }));
    this.panel.fill("trust", this.words.say(this.pinnedRoots.length > 0 ? "Authorities pinned by your own file" : "Authorities named by this site", {}));
    this.panel.fill("roots", this.roots.map((root) => groups(fingerprint(root))).join(" · "));
    this.panel.toggle("opened", this.pen !== null || this.key !== null);
  }

  private async tried(step: () => Promise<void>): Promise<readonly Reason[]> {
    try {
      await step();
      return [];
    } catch (error) {
      if (error instanceof Refused) return error.reasons;
      throw error;
    }
  }

  private async openPen(): Promise<void> {
    this.pen = null;
    const files = [...(this.panel.input("c-keys").files ?? [])];
    const texts = await Promise.all(files.map((file) => file.text()));
    const logs = texts.filter((text) => logKeyOf(text) !== null);
    const policies = texts.filter(looksLikePolicy);
    if (policies.length > 1) throw new Refused([{ code: "bidding.witness_policy" }]);
    policies.forEach(readPolicy);
    const found = await readKeyFile(texts.join("\n"), this.panel.input("c-keys-pass").value);
    [this.pen, this.pinnedRoots, this.pinnedLog] = [found.pen, found.roots, logs[0]?.trim() ?? null];
    this.pinnedWitnesses = policies[0] ?? null;
  }

  private async openKey(): Promise<void> {
    this.key = null;
    const [chosen] = this.panel.input("c-identity").files ?? [];
    if (chosen === undefined) throw new Refused([{ code: "bidding.identity_missing" }]);
    const file = new Uint8Array(await chosen.arrayBuffer());
    this.key = (await this.keeper.ask("open", { file, passphrase: this.panel.input("c-identity-pass").value })).key;
  }

  private signer(certificate: Certificate): string {
    const until = certificate.notAfter.value.toISOString().slice(0, 10);
    return this.words.say("The key of %(name)s, valid until %(until)s", { name: commonNames(certificate).join(), until });
  }
}
