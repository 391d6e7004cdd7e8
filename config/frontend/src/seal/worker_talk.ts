/** What the page and its sealing worker say to each other. The signing key crosses as a handle that cannot be read. */
import { type Bytes, base64, unbase64 } from "./bytes.ts";
import { derOf, readCertificate } from "./cms.ts";
import type { Desk, Offer } from "./offer.ts";
import { type Reason, Refused } from "./refused.ts";
import type { Job, Phase, SealedBid, Watch } from "./sealing_bid.ts";

export interface JobMessage {
  readonly desk: Desk;
  readonly offer: Offer;
  readonly key: CryptoKey;
  readonly certificate: string;
  readonly roots: readonly string[];
  readonly at: number;
}

export type Answer =
  | { readonly kind: "progress"; readonly phase: Phase; readonly done: number; readonly total: number }
  | { readonly kind: "sealed"; readonly bid: SealedBid }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[] }
  | { readonly kind: "broken"; readonly what: string };

export function messageOf(job: Job): JobMessage {
  const { desk, offer, pen, roots, at } = job;
  const certificate = base64(derOf(pen.certificate));
  return { desk, offer, key: pen.key, certificate, roots: roots.map((root) => base64(derOf(root))), at: at.getTime() };
}

export function jobOf(message: JobMessage): Job {
  const read = (text: string) => readCertificate(unbase64(text) as Bytes);
  const pen = { key: message.key, certificate: read(message.certificate) };
  return { desk: message.desk, offer: message.offer, pen, roots: message.roots.map(read), at: new Date(message.at) };
}

/** Seal in a worker of its own, which ends with the work. */
export function sealInWorker(url: string, job: Job, watch: Watch): Promise<SealedBid> {
  const worker = new Worker(url, { type: "module" });
  const sealed = new Promise<SealedBid>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "progress") watch(data.phase, data.done, data.total);
      else if (data.kind === "sealed") resolve(data.bid);
      else reject(data.kind === "refused" ? new Refused(data.reasons) : new Error(data.what));
    };
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    worker.postMessage(messageOf(job));
  });
  return sealed.finally(() => worker.terminate());
}
