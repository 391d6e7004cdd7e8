/** What a numbered check leaves behind: faults (a code with facts), why something could not be done yet, or nothing.
 *
 * Enters: a rule and a case. Leaves: one `Result`. What makes a rule stumble is a fault too: a check never passes because
 * it could not finish. The sentences of the codes stand in the page, in the reader's language.
 */
import { Malformed } from "../seal/canon.ts";
import { Refused } from "../seal/refused.ts";
import { BadJson } from "../seal/strict_json.ts";
import type { Case } from "./case.ts";
import type { Trust } from "./trust.ts";

export type Facts = Readonly<Record<string, string>>;

export interface Fault {
  readonly code: string;
  readonly facts: Facts;
}

/** Why a check has no verdict here: the bundle lacks the evidence, the time has not come, nothing was there to read. */
export type Undone = "public" | "early" | "members" | "panel" | "report" | "unreached" | "elsewhere";

export interface Result {
  readonly number: number;
  readonly faults: readonly Fault[];
  readonly undone: Undone | "";
}

/** Something that must be in the bundle is not, or is another thing. */
export class Missing extends Error {
  override readonly name = "Missing";
  constructor(readonly fault: Fault) {
    super(fault.code);
  }
}

/** The archive cannot be read at all. */
export class Broken extends Error {
  override readonly name = "Broken";
}

export function faultOf(word: string, facts: Readonly<Record<string, unknown>> = {}): Fault {
  return { code: `verify.${word}`, facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, String(fact)])) };
}

/** Stop: `what` (an English phrase that the page has in its words) must be in the bundle. */
export function missing(what: string): never {
  throw new Missing(faultOf("missing", { what }));
}

/** Where a rule says what it found. */
export class Found {
  readonly faults: Fault[] = [];
  undone: Undone | "" = "";
  constructor(private readonly lot = "") {}

  /** A fault of the house's verifier, `verify.<word>`. */
  fault(word: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.add(faultOf(word, facts));
  }
  /** A fault unless it is so. */
  unless(isSo: boolean, word: string, facts: Readonly<Record<string, unknown>> = {}): void {
    if (!isSo) this.fault(word, facts);
  }
  add(fault: Fault): void {
    this.faults.push(this.lot ? { ...fault, facts: { lot: this.lot, ...fault.facts } } : fault);
  }
  not(why: Undone): void {
    this.undone ||= why;
  }
  /** What stopped a rule, as one more fault. */
  stopped(error: unknown): void {
    if (error instanceof Missing) this.add(error.fault);
    else if (error instanceof Refused) for (const one of error.reasons) this.add({ code: one.code, facts: one.facts ?? {} });
    else if (error instanceof Malformed || error instanceof BadJson || error instanceof Broken) this.fault("broken", { why: error.message });
    else this.fault("odd", { kind: error instanceof Error ? error.name : "Error" });
  }
}

export type Rule = (about: Case, trust: Trust, found: Found) => void | Promise<void>;
export type LotRule = (about: Case, trust: Trust, lot: string, found: Found) => void | Promise<void>;

export interface Check {
  readonly number: number;
  readonly rule: Rule;
  /** Whether the public bundle lacks the evidence for it. */
  readonly isPrivate?: boolean;
  /** The tags of entries one of which must be there before there is anything to check; none: always. */
  readonly since?: readonly string[];
}

/** A rule about one lot, asked for every lot: what is wrong with one does not hide another. */
export function eachLot(rule: LotRule): Rule {
  return async (about, trust, found) => {
    for (const lot of about.lots) {
      const own = new Found(lot);
      try {
        await rule(about, trust, lot, own);
      } catch (error) {
        own.stopped(error);
      }
      found.faults.push(...own.faults);
      if (own.undone) found.not(own.undone);
    }
  };
}

export async function run(check: Check, about: Case, trust: Trust): Promise<Result> {
  if (check.isPrivate && about.isPublic) return { number: check.number, faults: [], undone: "public" };
  const found = new Found();
  try {
    await check.rule(about, trust, found);
  } catch (error) {
    found.stopped(error);
  }
  const isDue = check.since === undefined || check.since.some((tag) => about.has(tag));
  if (!isDue) found.not("early"); // it was done all the same: what it finds, it finds
  return { number: check.number, faults: found.faults, undone: found.undone };
}
