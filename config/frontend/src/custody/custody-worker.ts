/** The worker that holds a custodian's private key: makes it, opens its file, decrypts the own leaves. Enters: one question
 * at a time. Leaves: progress, then an answer, a refusal, or what broke; the private key never leaves. */
import type { Bytes } from "../seal/bytes.ts";
import { publicKey } from "../seal/points.ts";
import { Refused, refuse } from "../seal/refused.ts";
import { policyOf } from "../seal/sheet.ts";
import { checkAll, give, leafOf } from "./giving.ts";
import { makeIdentity, openIdentity } from "./identity.ts";
import type { Answer, GiveAsk, Question, Work } from "./keeper_talk.ts";
import { giveRehearsal } from "./rehearsing.ts";

const EVERY = 100; // milliseconds between two reports

interface Here {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(answer: Answer): void;
}
const here = self as unknown as Here;
let held: Bytes | null = null;

function secret(): Bytes {
  return held ?? refuse("bidding.identity_missing");
}

function reporter(): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - last < EVERY && done < total) return;
    last = now;
    here.postMessage({ kind: "progress", done, total });
  };
}

function check({ facts, signed, now, logKey, witnesses }: GiveAsk): Work["check"]["answer"] {
  const { sheet, headers, deadline } = checkAll(facts, signed, now, logKey, witnesses);
  const leaf = policyOf(sheet).leaves[leafOf(sheet, secret())]?.label as string;
  return { count: headers.size, deadline: Number(deadline / 1000n), leaf };
}

async function work(question: Question): Promise<unknown> {
  switch (question.kind) {
    case "make":
      return makeIdentity(question.ask.passphrase);
    case "open":
      held = null;
      held = await openIdentity(question.ask.file, question.ask.passphrase);
      return { key: publicKey(held) };
    case "check":
      return check(question.ask);
    case "give": {
      const { facts, signed, now, logKey, witnesses } = question.ask;
      return give(checkAll(facts, signed, now, logKey, witnesses), secret(), reporter());
    }
    case "rehearse":
      return giveRehearsal(question.ask.facts, question.ask.signed, secret());
    case "forget":
      held?.fill(0);
      held = null;
      return {};
  }
}

async function answered(question: Question): Promise<Answer> {
  try {
    return { kind: "done", answer: await work(question) };
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", reasons: error.reasons };
    return { kind: "broken", what: String(error) };
  }
}

here.onmessage = ({ data }) => {
  void answered(data).then((answer) => here.postMessage(answer));
};
