/** What the sealing twin says of many headers, lengths or policies in one go (tests/bidding/envelope/test_twin_format.py).
 * Enters: lists; files travel in base64. Leaves: for each its facts, or the code of its refusal. */
import { type Bytes, unbase64 } from "./bytes.ts";
import { padded } from "./padding.ts";
import { labels, parsePolicy, satisfied } from "./policy.ts";
import { checkHeader } from "./receiving.ts";
import { Refused } from "./refused.ts";
import { readSheet } from "./sheet.ts";

interface Headers {
  readonly sheet: string;
  readonly submission: string;
  readonly headers: readonly string[];
}

interface Policies {
  readonly policies: readonly string[];
  readonly held: ReadonlyArray<readonly number[]>;
}

function bytes(text: string): Bytes {
  const data = unbase64(text);
  if (data === null) throw new TypeError("not base64");
  return data;
}

function eachOf<T>(items: readonly T[], check: (item: T) => unknown): { verdicts: unknown[] } {
  const verdicts = items.map((item) => {
    try {
      return check(item);
    } catch (error) {
      if (error instanceof Refused) return { code: error.codes.join(" ") };
      throw error;
    }
  });
  return { verdicts };
}

/** The length of each header as it is checked at receipt. */
async function headers(asked: Headers): Promise<object> {
  const sheet = readSheet(bytes(asked.sheet));
  return eachOf(asked.headers.map(bytes), (file) => checkHeader(file, sheet, asked.submission, file.length).length);
}

/** What each length is padded to. */
async function padding(asked: { readonly lengths: readonly number[] }): Promise<object> {
  return eachOf(asked.lengths, padded);
}

/** The labels of each policy, and which of the sets `held` may open under it. */
async function policies(asked: Policies): Promise<object> {
  return eachOf(asked.policies, (text) => {
    const policy = parsePolicy(text);
    return { labels: labels(policy), met: asked.held.map((held) => satisfied(policy.root, new Set(held))) };
  });
}

export const VERBS: Record<string, (asked: never) => Promise<object>> = { headers, padding, policies };
