/** The worker of the page /verify, so that the page stays awake. Enters: one bundle and what is trusted. Leaves: what the
 * bundle is about, and each verdict as soon as it is there. Nothing is fetched and nothing is sent from here. */
import { Refused } from "../seal/refused.ts";
import { Broken } from "./findings.ts";
import { TABLES } from "./tables.ts";
import type { Answer, Asked } from "./talk.ts";
import { type Trust, trustOf } from "./trust.ts";
import { verify } from "./verifying.ts";

interface Here {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(answer: Answer): void;
}
const here = self as unknown as Here;

function trusted(asked: Asked): Trust | string {
  try {
    return trustOf(asked.logKey, asked.roots, TABLES);
  } catch (error) {
    if (error instanceof Broken) return error.message === "log.key" ? "page.log_key" : "page.roots";
    if (error instanceof Refused) return "page.roots";
    throw error;
  }
}

async function work(asked: Asked): Promise<Answer> {
  const trust = trusted(asked);
  if (typeof trust === "string") return { kind: "refused", code: trust };
  let data: ArrayBuffer;
  try {
    data = await asked.bundle.arrayBuffer();
  } catch {
    return { kind: "refused", code: "page.unreadable" };
  }
  await verify(new Uint8Array(data), trust, {
    head: (head) => here.postMessage({ kind: "head", head }),
    going: (number) => here.postMessage({ kind: "going", number }),
    result: (result) => here.postMessage({ kind: "result", result }),
  });
  return { kind: "done" };
}

here.onmessage = ({ data }) => {
  work(data).then(
    (answer) => here.postMessage(answer),
    (error: unknown) => {
      console.error(error);
      here.postMessage({ kind: "refused", code: "page.broken" });
    },
  );
};
