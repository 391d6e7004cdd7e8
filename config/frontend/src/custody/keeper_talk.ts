/** What a custodian's page and its worker say to each other. The private key lives in the worker and never comes back:
 * the page gets public keys, shares when they are given, and the bytes to sign.
 */
import type { Bytes } from "../seal/bytes.ts";
import { type Reason, Refused } from "../seal/refused.ts";
import type { HeaderFacts } from "./giving.ts";
import type { RehearsalFacts } from "./rehearsing.ts";

export interface Shares {
  readonly leaf: string;
  readonly shares: ReadonlyMap<string, Bytes | null>;
  readonly statement: Bytes;
}

/** What the worker does, and what each answers. */
export interface Work {
  make: { ask: { passphrase: string }; answer: { file: string; key: Bytes } };
  open: { ask: { file: Bytes; passphrase: string }; answer: { key: Bytes } };
  check: { ask: GiveAsk; answer: { count: number; deadline: number; leaf: string } };
  give: { ask: GiveAsk; answer: Shares };
  rehearse: { ask: { facts: RehearsalFacts; signed: Bytes }; answer: Shares };
  forget: { ask: Record<string, never>; answer: Record<string, never> };
}
export type Kind = keyof Work;

export interface GiveAsk {
  readonly facts: HeaderFacts;
  readonly signed: Bytes;
  readonly now: number;
  readonly logKey: Bytes;
  readonly witnesses: string;
}

export type Question = { [K in Kind]: { readonly kind: K; readonly ask: Work[K]["ask"] } }[Kind];

export type Answer =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "done"; readonly answer: unknown }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[] }
  | { readonly kind: "broken"; readonly what: string };

export type Watch = (done: number, total: number) => void;

/** One worker for the life of the page; one question at a time. */
export class Keeper {
  private readonly worker: Worker;
  private before: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.worker = new Worker(url, { type: "module" });
  }

  ask<K extends Kind>(kind: K, ask: Work[K]["ask"], watch: Watch = () => {}): Promise<Work[K]["answer"]> {
    const answer = this.before.then(() => this.one(kind, ask, watch));
    this.before = answer.catch(() => undefined);
    return answer;
  }

  private one<K extends Kind>(kind: K, ask: Work[K]["ask"], watch: Watch): Promise<Work[K]["answer"]> {
    return new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.kind === "progress") watch(data.done, data.total);
        else if (data.kind === "done") resolve(data.answer as Work[K]["answer"]);
        else reject(data.kind === "refused" ? new Refused(data.reasons) : new Error(data.what));
      };
      this.worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
      this.worker.postMessage({ kind, ask });
    });
  }
}
