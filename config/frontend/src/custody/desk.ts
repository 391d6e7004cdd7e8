/** A custodian's desk for a tender: make a key, register it, look at the sheets and sign them, take part in the rehearsal.
 *
 * Enters: the section `#custody` with its facts and words. Leaves: signed statements at the site, an identity file with
 * the person. The private key is made and opened in a worker and never sent; nothing is signed on a doubt.
 */
import { Lost, SiteRefused, facts as factsAt, post } from "../seal/asking.ts";
import { type Bytes, base64, hex, same } from "../seal/bytes.ts";
import { signWith } from "../seal/key_file.ts";
import { parseRecipient } from "../seal/points.ts";
import { inWords } from "../seal/policy.ts";
import { type Reason, Refused } from "../seal/refused.ts";
import { policyOf, sheetDigest } from "../seal/sheet.ts";
import { groups, keyWords } from "../seal/signed_sheet.ts";
import { Words, type WordsOfPage } from "../seal/words.ts";
import { Keeper } from "./keeper_talk.ts";
import { type Kept, browserShelf, compareLeaf, recallLeaf, remember, rememberLeaf } from "./memory.ts";
import { OwnFiles, type Trust } from "./own_files.ts";
import { PageClock } from "./page_clock.ts";
import { Panel } from "./panel.ts";
import { type RehearsalFacts, sealRehearsal } from "./rehearsing.ts";
import { type ReadSheet, type ShownSheet, checkSheets } from "./signing_sheets.ts";
import { keyRecord } from "./statements.ts";

interface Facts {
  readonly tender: string;
  readonly round: number;
  readonly stage: string;
  readonly policy: string;
  readonly holder: string;
  readonly label: string;
  readonly labels: readonly string[];
  readonly keys: ReadonlyArray<{ readonly label: string; readonly key: string; readonly mine: boolean }>;
  readonly sheets: readonly ShownSheet[];
  readonly rehearsal: { readonly state: string; readonly given: readonly string[] };
}

type Urls = Readonly<Record<"custody" | "key" | "sheets" | "rehearsal" | "seal" | "share" | "trust", string>>;
type Given = Facts & { readonly urls: Urls; readonly words: WordsOfPage; readonly seals: boolean };

const ACTS = ["make", "open", "register", "sign", "seal", "share"] as const;
type Act = (typeof ACTS)[number];

class CustodyDesk {
  private readonly panel: Panel;
  private readonly words: Words;
  private readonly keeper: Keeper;
  private readonly clock: PageClock;
  private files: OwnFiles | null = null;
  private facts: Facts;

  constructor(private readonly root: HTMLElement, private readonly given: Given) {
    this.words = new Words(given.words);
    this.panel = new Panel(root, this.words);
    this.keeper = new Keeper(root.dataset["worker"] ?? "");
    this.clock = new PageClock(root.hasAttribute("data-site-clock"));
    this.facts = given;
  }

  async start(): Promise<void> {
    if (!window.isSecureContext || crypto.subtle === undefined) return this.stop([{ code: "page.insecure" }]);
    try {
      const trust = await factsAt<Trust>(this.given.urls.trust);
      await this.clock.start();
      this.files = new OwnFiles(this.panel, this.words, this.keeper, trust);
    } catch (error) {
      return this.stop(error instanceof Refused ? error.reasons : [{ code: "page.lost_before" }]);
    }
    for (const act of ACTS) this.panel.on(act, () => void this.run(act));
    this.root.addEventListener("submit", (event) => event.preventDefault());
    this.root.addEventListener("input", () => this.draw());
    this.panel.toggle("desk", true);
    this.draw();
  }

  private stop(reasons: readonly Reason[]): void {
    this.panel.reasons("stop", reasons.map((reason) => this.panel.line(reason)));
    this.panel.toggle("stop", true);
  }

  /** Run one step, one at a time; what it refuses or breaks is said beside its button. */
  private async run(act: Act): Promise<void> {
    if (this.panel.isBusy() || !this.panel.isAllowed(act)) return;
    this.panel.busy(act, true);
    this.panel.fill(`${act}-said`, this.words.say("Working …", {}));
    let said = "";
    let failed: SiteRefused | readonly Reason[] | null = null;
    try {
      said = await this[act]();
    } catch (error) {
      failed = this.reasonsOf(error);
    }
    this.panel.busy(act, false);
    this.draw();
    this.panel.fill(`${act}-said`, said);
    if (failed !== null) this.panel.refuse(act, failed);
  }

  private reasonsOf(error: unknown): SiteRefused | readonly Reason[] {
    if (error instanceof SiteRefused) return error;
    if (error instanceof Refused) return error.reasons;
    if (error instanceof Lost) return [{ code: "page.lost_before" }];
    console.error(error);
    return [{ code: "page.broken" }];
  }

  /** What stands against each step, as the page knows it; the site has the last word. */
  private draw(): void {
    const [pass, again] = [this.panel.input("c-new-pass").value, this.panel.input("c-new-pass-again").value];
    this.panel.allow("make", pass !== again ? [{ code: "bidding.passphrase_differs" }] : []);
    const closed: Reason[] = this.files === null || this.files.reasons.length > 0 ? [{ code: "bidding.files_closed" }] : [];
    this.panel.allow("register", [...closed, ...this.registering()]);
    const sheets = this.sheetsRead();
    this.panel.allow("sign", [...closed, ...sheets.reasons]);
    this.show(sheets.read);
    this.panel.allow("seal", [...(this.files?.pen ? [] : closed), ...this.sealing()]);
    this.panel.allow("share", [...closed, ...this.sharing()]);
  }

  private get label(): string {
    return this.facts.label || (this.root.querySelector<HTMLSelectElement>("#c-label")?.value ?? "");
  }

  private registering(): Reason[] {
    const key = this.files?.key;
    const mine = this.facts.keys.find((one) => one.mine);
    if (this.label === "") return [{ code: "bidding.leaf_missing" }];
    const agreed = (this.kept?.policy ?? this.facts.policy) === this.facts.policy;
    return agreed && key && mine && same(parseRecipient(mine.key), key) ? [{ code: "bidding.key_registered" }] : [];
  }

  /** What this browser remembers of the registration of the key that is open. */
  private get kept(): Kept | null {
    const key = this.files?.key;
    return key ? recallLeaf(browserShelf(), this.facts.tender, hex(key)) : null;
  }

  private get unsigned(): ShownSheet[] {
    return this.facts.sheets.filter((sheet) => !sheet.signed_by_me);
  }

  /** The sheets that wait for the own signature, read from their bytes and checked against the own files. */
  private sheetsRead(): { read: readonly ReadSheet[]; reasons: readonly Reason[] } {
    const own = this.files?.own;
    if (this.facts.sheets.length === 0) return { read: [], reasons: [{ code: "bidding.no_sheet" }] };
    if (this.unsigned.length === 0) return { read: [], reasons: [{ code: "bidding.sheets_signed" }] };
    if (!own) return { read: [], reasons: [] };
    try {
      compareLeaf(this.kept, this.label, this.facts.policy);
      return { read: checkSheets(this.unsigned, this.facts, own), reasons: [] };
    } catch (error) {
      if (error instanceof Refused) return { read: [], reasons: error.reasons };
      throw error;
    }
  }

  /** What is about to be signed, in words and fingerprints that follow from the bytes alone. */
  private show(sheets: readonly ReadSheet[]): void {
    this.panel.toggle("review", sheets.length > 0);
    const [first] = sheets;
    if (first === undefined) return;
    const names = new Map(this.facts.sheets[0]?.leaves.map((leaf) => [leaf.label, leaf.name]));
    const mine = (label: string): string => (label === this.label ? this.words.say("(your key)", {}) : "");
    this.panel.fill("policy", inWords(policyOf(first.sheet), this.words.say));
    this.panel.list("leaves", first.sheet.leaves.map((leaf) => [`${leaf.label}  ${names.get(leaf.label) ?? ""} ${leaf.holder} ${mine(leaf.label)}`, keyWords(leaf.key)]));
    const name = (one: ReadSheet): string => (one.rehearsal ? this.words.say("Rehearsal, %(lot)s", { lot: one.lot }) : one.lot);
    this.panel.list("sheets", sheets.map((one) => [name(one), `SHA-256 ${groups(sheetDigest(one.sheet))}`]));
    this.panel.fill("sheets-round", this.words.say("%(count)s sheets of round %(round)s; the same keys and the same policy in each.", { count: String(sheets.length), round: String(this.facts.round) }));
  }

  private get rehearsalSheet(): ShownSheet | null {
    return this.facts.sheets.find((sheet) => sheet.rehearsal) ?? null;
  }

  private sealing(): Reason[] {
    const { state } = this.facts.rehearsal;
    if (state === "opened") return [{ code: "bidding.rehearsed" }];
    return this.rehearsalSheet?.sealed ? [] : [{ code: "bidding.no_rehearsal_sheet" }];
  }

  private sharing(): Reason[] {
    const { state, given } = this.facts.rehearsal;
    if (state === "opened") return [{ code: "bidding.rehearsed" }];
    if (state !== "waiting") return [{ code: "bidding.no_rehearsal_envelope" }];
    return given.includes(this.facts.label) ? [{ code: "bidding.released" }] : [];
  }

  private async make(): Promise<string> {
    const [first, second] = ["c-new-pass", "c-new-pass-again"].map((name) => this.panel.input(name)) as [HTMLInputElement, HTMLInputElement];
    const made = await this.keeper.ask("make", { passphrase: first.value });
    [first.value, second.value] = ["", ""];
    const name = `${this.facts.tender}-${this.label || "custodian"}.key`;
    this.panel.saves("save", new Blob([made.file], { type: "application/octet-stream" }), name);
    this.panel.fill("made", this.words.say("Your custodian's key, fingerprint %(print)s", { print: keyWords(made.key) }));
    this.panel.toggle("made", true);
    this.panel.find('[data-act="save"]').focus();
    return "";
  }

  private async open(): Promise<string> {
    await this.files?.open();
    return "";
  }

  private async post(path: string, form: object): Promise<void> {
    await post(path, this.panel.token, form);
    await this.renew();
  }

  /** Take the facts again, and let the site draw its part of the page again. */
  private async renew(): Promise<void> {
    this.facts = await factsAt<Facts>(this.given.urls.custody);
    const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-custody-state]");
    if (drawn !== null) document.querySelector("[data-custody-state]")?.replaceWith(drawn);
  }

  private sign64(data: Bytes): Promise<string> {
    if (!this.files?.pen) throw new Refused([{ code: "bidding.key_file_missing" }]);
    return signWith(this.files.pen, data, this.clock.now()).then(base64);
  }

  private async register(): Promise<string> {
    const own = this.files?.own;
    if (!own) throw new Refused(this.files?.reasons ?? []);
    if (own.holder !== this.facts.holder) throw new Refused([{ code: "bidding.other_certificate" }]);
    const { tender, round, policy } = this.facts;
    const { label } = this;
    const record = keyRecord({ tender, round: BigInt(round), label, holder: own.holder, key: own.key });
    await this.post(this.given.urls.key, { key: base64(own.key), label, signature: await this.sign64(record) });
    rememberLeaf(browserShelf(), tender, hex(own.key), { label, policy });
    return this.words.say("Registered under %(label)s.", { label });
  }

  private async sign(): Promise<string> {
    const { read } = this.sheetsRead();
    const sheets = await Promise.all(read.map(async ({ lot, data }) => ({ lot, signature: await this.sign64(data) })));
    await this.post(this.given.urls.sheets, { sheets });
    for (const { lot, sheet } of read) {
      remember(browserShelf(), lot, sheet.round, hex(sheetDigest(sheet)), {
        log: this.files?.log ?? "",
        witnesses: this.files?.witnesses ?? "",
      });
    }
    return this.words.say("Signed: %(count)s sheets.", { count: String(read.length) });
  }

  private async seal(): Promise<string> {
    const [shown, pen] = [this.rehearsalSheet, this.files?.pen];
    if (!shown || !pen) throw new Refused([{ code: "bidding.no_sheet" }]);
    const name = shown.leaves.find((leaf) => this.facts.labels.includes(leaf.label))?.name ?? "";
    const job = { shown, name, pen, roots: this.files?.roots ?? [], at: this.clock.now() };
    await this.post(this.given.urls.seal, await sealRehearsal(job));
    return this.words.say("Sealed: now every custodian opens it.", {});
  }

  private async share(): Promise<string> {
    const [shown, own] = [this.rehearsalSheet, this.files?.own];
    if (!shown || !own) throw new Refused(this.files?.reasons ?? []);
    compareLeaf(this.kept, this.label, this.facts.policy);
    const [read] = checkSheets([shown], this.facts, own);
    const rehearsal = await factsAt<RehearsalFacts>(this.given.urls.rehearsal);
    const given = await this.keeper.ask("rehearse", { facts: rehearsal, signed: (read as ReadSheet).data });
    const share = base64([...given.shares.values()][0] as Bytes);
    await this.post(this.given.urls.share, { leaf: given.leaf, share, signature: await this.sign64(given.statement) });
    return this.words.say("Your key opened its part of the rehearsal.", {});
  }
}

const root = document.querySelector<HTMLElement>("#custody");
const given = document.getElementById(root?.dataset["facts"] ?? "")?.textContent;
if (root !== null && given) void new CustodyDesk(root, JSON.parse(given) as Given).start();
