/** What the bidder's page and its worker say to each other. The signing key crosses as a handle that cannot be read; the
 * own key crosses as the file it lies in and is opened in the worker alone. Each piece of work has a worker of its own,
 * which ends with it.
 */
import type { Finding, Offered, Rules } from "../preflight/finding.ts";
import type { OpeningList } from "../preflight/opening_list.ts";
import { type Bytes, base64, unbase64 } from "./bytes.ts";
import { type Certificate, derOf, readCertificate } from "./cms.ts";
import type { Manifest } from "./manifest.ts";
import type { Desk, Offer } from "./offer.ts";
import type { ShareFacts } from "./own_share.ts";
import { type Reason, Refused } from "./refused.ts";
import type { Job, SealedBid } from "./sealing_bid.ts";

export interface JobMessage {
  readonly desk: Desk;
  readonly offer: Offer;
  readonly key: CryptoKey;
  readonly certificate: string;
  readonly roots: readonly string[];
  readonly at: number;
}

/** The file in which the own key lies, and its passphrase. */
export interface OwnFile {
  readonly identity: Bytes;
  readonly passphrase: string;
}

export interface LookAsk extends OwnFile {
  readonly file: Blob;
  readonly sheet: Bytes;
  readonly roots: readonly string[];
  readonly receipt: unknown;
  /** The file of the bid to hand out; null to look only. */
  readonly extract: string | null;
}

export interface LookAnswer {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly extracted: Blob | null;
}

export interface ShareAsk extends OwnFile {
  readonly facts: ShareFacts;
  readonly roots: readonly string[];
  readonly receipt: unknown;
}

/** What the worker does, and what each answers. */
export interface Work {
  seal: { ask: JobMessage; answer: SealedBid };
  check: { ask: { offered: Offered; rules: Rules }; answer: readonly Finding[] };
  list: { ask: { files: readonly File[]; rules: Rules }; answer: OpeningList };
  make: { ask: { passphrase: string }; answer: { file: string; key: Bytes } };
  own: { ask: OwnFile; answer: { key: Bytes } };
  look: { ask: LookAsk; answer: LookAnswer };
  share: { ask: ShareAsk; answer: { share: Bytes } };
}
export type Kind = keyof Work;
export type Question = { [K in Kind]: { readonly kind: K; readonly ask: Work[K]["ask"] } }[Kind];

export type Phase = "measuring" | "sealing" | "checking" | "looking";
export type Watch = (phase: Phase, done: number, total: number) => void;

export type Answer =
  | { readonly kind: "progress"; readonly phase: Phase; readonly done: number; readonly total: number }
  | { readonly kind: "done"; readonly answer: unknown }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[] }
  | { readonly kind: "broken"; readonly what: string };

export function packed(roots: readonly Certificate[]): string[] {
  return roots.map((root) => base64(derOf(root)));
}

export function unpacked(roots: readonly string[]): Certificate[] {
  return roots.map((text) => readCertificate(unbase64(text) as Bytes));
}

export function messageOf(job: Job): JobMessage {
  const { desk, offer, pen, roots, at } = job;
  return { desk, offer, key: pen.key, certificate: base64(derOf(pen.certificate)), roots: packed(roots), at: at.getTime() };
}

export function jobOf(message: JobMessage): Job {
  const [certificate] = unpacked([message.certificate]) as [Certificate];
  const pen = { key: message.key, certificate };
  return { desk: message.desk, offer: message.offer, pen, roots: unpacked(message.roots), at: new Date(message.at) };
}

/** Have one piece of work done. */
export function askWorker<K extends Kind>(
  url: string, kind: K, ask: Work[K]["ask"], watch: Watch = () => {}, stop?: AbortSignal,
): Promise<Work[K]["answer"]> {
  const worker = new Worker(url, { type: "module" });
  const done = new Promise<Work[K]["answer"]>((resolve, reject) => {
    stop?.addEventListener("abort", () => reject(new DOMException("no longer wanted", "AbortError")));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "progress") watch(data.phase, data.done, data.total);
      else if (data.kind === "done") resolve(data.answer as Work[K]["answer"]);
      else reject(data.kind === "refused" ? new Refused(data.reasons) : new Error(data.what));
    };
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    worker.postMessage({ kind, ask });
  });
  return done.finally(() => worker.terminate());
}

export function sealInWorker(url: string, job: Job, watch: Watch): Promise<SealedBid> {
  return askWorker(url, "seal", messageOf(job), watch);
}
