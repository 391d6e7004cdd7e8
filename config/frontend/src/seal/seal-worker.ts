/** The worker that reads, packs and seals a bid, so that the page stays awake. Enters: one job. Leaves: progress, then
 * the sealed file, a refusal, or what broke. */
import { Refused } from "./refused.ts";
import { type Watch, sealBid } from "./sealing_bid.ts";
import { type Answer, type JobMessage, jobOf } from "./worker_talk.ts";

const EVERY = 100; // milliseconds between two reports

interface Here {
  onmessage: ((event: MessageEvent<JobMessage>) => void) | null;
  postMessage(answer: Answer): void;
}
const here = self as unknown as Here;

function reporter(): Watch {
  let last = 0;
  return (phase, done, total) => {
    const now = performance.now();
    if (now - last < EVERY && done < total) return;
    last = now;
    here.postMessage({ kind: "progress", phase, done, total });
  };
}

async function work(message: JobMessage): Promise<Answer> {
  try {
    return { kind: "sealed", bid: await sealBid(jobOf(message), reporter()) };
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", reasons: error.reasons };
    return { kind: "broken", what: String(error) };
  }
}

here.onmessage = ({ data }) => {
  void work(data).then((answer) => here.postMessage(answer));
};
