/** The bidder's worker, so that the page stays awake: checks, seals, and opens what the own key opens. Enters: one
 * question. Leaves: progress, then what was done, a refusal, or what broke. */
import { makeIdentity, openIdentity } from "../custody/identity.ts";
import { checkPackage, openingListIn } from "../preflight/check.ts";
import { collected } from "./blobs.ts";
import { look } from "./looking.ts";
import { ownShare } from "./own_share.ts";
import { publicKey } from "./points.ts";
import { type CheckedReceipt, checkReceipt } from "./receipt.ts";
import { Refused } from "./refused.ts";
import { sealBid } from "./sealing_bid.ts";
import { readSheet } from "./sheet.ts";
import {
  type Answer, type LookAnswer, type LookAsk, type Phase, type Question, type ShareAsk, jobOf, unpacked,
} from "./worker_talk.ts";

const EVERY = 100; // milliseconds between two reports

interface Here {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(answer: Answer): void;
}
const here = self as unknown as Here;

let last = 0;
function report(phase: Phase, done: number, total: number): void {
  const now = performance.now();
  if (now - last < EVERY && done < total) return;
  last = now;
  here.postMessage({ kind: "progress", phase, done, total });
}

function receiptIn(file: unknown, roots: readonly string[]): Promise<CheckedReceipt> | null {
  return file === null ? null : checkReceipt(file, unpacked(roots));
}

async function lookAt(ask: LookAsk): Promise<LookAnswer> {
  const { file, extract } = ask;
  const secret = await openIdentity(ask.identity, ask.passphrase);
  const [roots, receipt] = [unpacked(ask.roots), await receiptIn(ask.receipt, ask.roots)];
  const at = { file, secret, sheet: readSheet(ask.sheet), roots, receipt };
  const found = await look(at, (done, total) => report("looking", done, total));
  const { manifest, digest } = found;
  if (extract === null) return { manifest, digest, extracted: null };
  const size = manifest.files.find((entry) => entry.name === extract)?.size ?? 0;
  return { manifest, digest, extracted: (await collected(found.file(extract), size)).blob };
}

async function share(ask: ShareAsk): Promise<{ share: Uint8Array }> {
  const secret = await openIdentity(ask.identity, ask.passphrase);
  return { share: ownShare(ask.facts, secret, await receiptIn(ask.receipt, ask.roots)) };
}

async function work({ kind, ask }: Question): Promise<unknown> {
  if (kind === "seal") return sealBid(jobOf(ask), report);
  if (kind === "check") {
    let done = 0;
    return checkPackage(ask.offered, ask.rules, () => report("checking", done++, ask.offered.files.length));
  }
  if (kind === "list") return openingListIn(ask.files, ask.rules);
  if (kind === "make") return makeIdentity(ask.passphrase);
  if (kind === "own") return { key: publicKey(await openIdentity(ask.identity, ask.passphrase)) };
  return kind === "look" ? lookAt(ask) : share(ask);
}

async function answered(question: Question): Promise<Answer> {
  try {
    return { kind: "done", answer: await work(question) };
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", reasons: error.reasons };
    // What the browser says of a file that is no longer what was chosen.
    if (error instanceof DOMException && error.name === "NotReadableError") {
      return { kind: "refused", reasons: [{ code: "page.file_changed" }] };
    }
    return { kind: "broken", what: String(error) };
  }
}

here.onmessage = ({ data }) => {
  void answered(data).then((answer) => here.postMessage(answer));
};
