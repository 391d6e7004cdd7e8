/** What the page says, in the reader's language: sentences by code, phrases by their English, sizes and spans of time.
 *
 * Enters: the words that came with the page (bidding/sealing_form.py). Leaves: text, never markup.
 */
import { type Say, english } from "./policy.ts";
import type { Reason } from "./refused.ts";

export interface WordsOfPage {
  readonly reasons: Readonly<Record<string, string>>;
  readonly say: Readonly<Record<string, string>>;
}

export class Words {
  constructor(private readonly given: WordsOfPage) {}

  readonly say: Say = (sentence, facts) => english(this.given.say[sentence] ?? sentence, facts);

  /** The sentence of a reason; what the page has no sentence for is said by its code. */
  reason(reason: Reason): string {
    const sentence = this.given.reasons[reason.code];
    const name = reason.facts?.["name"] === undefined ? "" : `${reason.facts["name"]}: `;
    return sentence === undefined ? reason.code : name + english(sentence, reason.facts ?? {}).replaceAll("%%", "%");
  }

  /** Milliseconds as a person says them: seconds, then minutes, then hours. */
  span(milliseconds: number): string {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 120) return this.say("%(count)s seconds", { count: String(seconds) });
    if (seconds < 7200) return this.say("%(count)s minutes", { count: String(Math.floor(seconds / 60)) });
    return this.say("%(count)s hours", { count: String(Math.floor(seconds / 3600)) });
  }
}

/** Bytes as KiB, MiB, GiB with one place. */
export function sizeInWords(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${units[step]}`;
}
