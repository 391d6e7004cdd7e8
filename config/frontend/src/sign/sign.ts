/** Sign in the page: the bytes are fetched and shown by digest, the signature is made here with the person's own key file,
 * and goes to the same door as a signature file made elsewhere.
 *
 * Enters: forms of config/templates/parts/sign_form.html. Leaves: the form as it would be with a file chosen by hand. The
 * inputs for the key have no name, so no form can send them; the key cannot be taken out of the browser.
 */
import { Lost, asked } from "../seal/asking.ts";
import { type Bytes, hex } from "../seal/bytes.ts";
import { commonNames, creditCodeOf } from "../seal/cms.ts";
import { type Pen, readKeyFile, signWith } from "../seal/key_file.ts";
import { type Reason, Refused } from "../seal/refused.ts";
import { PageClock } from "../custody/page_clock.ts";
import { type Tree, treeOf } from "./tree.ts";

class SignForm {
  private shown = "";
  private pen: Pen | null = null;
  private readonly clock: PageClock;

  constructor(private readonly form: HTMLFormElement) {
    this.clock = new PageClock(form.hasAttribute("data-site-clock"));
  }

  private part<T extends Element = HTMLElement>(name: string): T {
    const found = this.form.querySelector<T>(`[data-sign="${name}"]`);
    if (found === null) throw new Error(`the form has no ${name}`);
    return found;
  }

  async start(): Promise<void> {
    if (!window.isSecureContext || crypto.subtle === undefined) return; // the signature file made elsewhere is left
    this.form.noValidate = true;
    this.useKeys(true);
    this.part("here").addEventListener("input", () => void this.readPen());
    this.part("elsewhere-button").addEventListener("click", () => this.useKeys(false));
    this.part("here-button").addEventListener("click", () => this.useKeys(true));
    this.form.addEventListener("submit", (event) => {
      if (this.part("here").hidden) return;
      event.preventDefault();
      void this.guarded(() => this.sign());
    });
    await this.guarded(async () => {
      await this.clock.start();
      await this.show(await this.bytes());
      this.say([{ code: "bidding.key_file_missing" }]);
    });
  }

  /** Sign here, or choose a signature file made elsewhere. */
  private useKeys(here: boolean): void {
    this.part("here-button").hidden = false;
    this.part("here").hidden = !here;
    this.part("elsewhere").hidden = here;
    if (here) this.fileInput.value = "";
    this.fileInput.required = !here;
    this.button.disabled = false;
    this.say([]);
    if (here && this.pen === null) this.say([{ code: "bidding.key_file_missing" }]);
  }

  private get fileInput(): HTMLInputElement {
    return this.form.querySelector<HTMLInputElement>("input[type=file][name]") as HTMLInputElement;
  }

  private get button(): HTMLButtonElement {
    return this.part<HTMLButtonElement>("button");
  }

  private async bytes(): Promise<Bytes> {
    const answer = await asked(this.form.dataset["bytesUrl"] ?? "", { headers: { Accept: "*/*" } });
    if (!answer.ok) throw new Lost(`the site answered ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  private async digestOf(data: Bytes): Promise<string> {
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
  }

  private async show(data: Bytes): Promise<void> {
    this.shown = await this.digestOf(data);
    const expected = this.form.dataset["digest"] ?? "";
    if (expected !== "" && expected !== this.shown) throw new Refused([{ code: "sign.changed" }]);
    this.part("digest").textContent = this.shown;
    this.part("size").textContent = String(data.length);
    const tree = treeOf(data);
    if (tree !== null) this.part("tree").replaceChildren(drawn(tree));
    this.part("content").hidden = tree === null;
    this.part("what").hidden = false;
  }

  private async readPen(): Promise<void> {
    this.pen = null;
    this.part("signer").textContent = "";
    try {
      const files = [...(this.part<HTMLInputElement>("keys").files ?? [])];
      const texts = await Promise.all(files.map((file) => file.text()));
      const { pen } = await readKeyFile(texts.join("\n"), this.part<HTMLInputElement>("passphrase").value);
      this.pen = pen;
      const until = pen.certificate.notAfter.value.toISOString().slice(0, 10);
      this.part("signer").textContent = [...commonNames(pen.certificate), creditCodeOf(pen.certificate), until].filter(Boolean).join(" · ");
      this.say([]);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(error.reasons);
    }
  }

  /** Sign what was shown and nothing else, and send it as the form does. */
  private async sign(): Promise<void> {
    if (this.pen === null) return;
    const data = await this.bytes();
    if ((await this.digestOf(data)) !== this.shown) throw new Refused([{ code: "sign.changed" }]);
    const signature = await signWith(this.pen, data, this.clock.now());
    const chosen = new DataTransfer();
    chosen.items.add(new File([signature], "signature.p7s", { type: "application/pkcs7-signature" }));
    this.fileInput.files = chosen.files;
    this.button.disabled = true;
    this.form.submit();
  }

  private async guarded(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (error instanceof Refused) return this.say(error.reasons);
      if (error instanceof Lost) return this.say([{ code: "sign.lost" }]);
      console.error(error);
      this.say([{ code: "sign.broken" }]);
    }
  }

  /** The reasons against signing, beside the button; their sentences came with the form. */
  private say(reasons: readonly Reason[]): void {
    const words = this.part<HTMLTemplateElement>("words").content;
    const lines = reasons.map(({ code }) => {
      const line = document.createElement("li");
      const said = document.createElement("span");
      const mark = document.createElement("span");
      said.textContent = words.querySelector(`[data-code="${code}"]`)?.textContent ?? "";
      [mark.textContent, mark.className] = [code, "code"];
      line.append(said, " ", mark);
      return line;
    });
    this.part("why").replaceChildren(...lines);
    if (reasons.length > 0) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
  }
}

/** A tree as nested lists; text only. */
function drawn(tree: Tree): HTMLElement {
  const item = document.createElement("div");
  if (typeof tree === "string") {
    item.textContent = tree;
    return item;
  }
  const tag = document.createElement("span");
  const list = document.createElement("ol");
  [tag.textContent, tag.className] = [tree.tag, "code"];
  for (const one of tree.values) {
    const line = document.createElement("li");
    line.append(drawn(one));
    list.append(line);
  }
  item.append(tag, list);
  return item;
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sign-form]")) void new SignForm(form).start();
