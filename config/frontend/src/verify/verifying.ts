/** All numbered checks over one bundle (docs/verifying.md has the same numbers).
 *
 * Enters: the bytes of an archive and what is trusted. Leaves: what the bundle is about, then one result for each check
 * as it is done. If the archive cannot be read at all, check 1 fails and no other is done.
 */
import type { Bytes } from "../seal/bytes.ts";
import { unpack } from "./archive.ts";
import { type Case, readCase } from "./case.ts";
import { Broken, type Result, faultOf, run } from "./findings.ts";
import * as contents from "./contents.ts";
import * as custody from "./custody.ts";
import * as draw from "./draw.ts";
import * as envelopes from "./envelopes.ts";
import * as judging from "./judging.ts";
import * as log from "./log.ts";
import * as moments from "./moments.ts";
import * as naming from "./naming.ts";
import * as notice from "./notice.ts";
import * as opening from "./opening.ts";
import * as people from "./people.ts";
import * as record from "./record.ts";
import * as rehearsal from "./rehearsal.ts";
import * as result from "./result.ts";
import type { Trust } from "./trust.ts";
import * as veils from "./veils.ts";
import * as vouching from "./vouching.ts";

const GROUPS = [log, veils, custody, people, notice, envelopes, opening, record, draw, judging, result, contents, naming, rehearsal, moments, vouching];
/** Every number that docs/verifying.md has; what this program has no rule for is said to be checked elsewhere. */
const LAST = 45;
const RULES = GROUPS.flatMap((group) => group.CHECKS);
const NUMBERS = Array.from({ length: LAST }, (_none, at) => at + 1);

export interface Head {
  readonly isPublic: boolean;
  readonly tender: string;
  readonly lots: number;
  readonly entries: number;
}

export interface Told {
  head(head: Head): void;
  going(number: number): void;
  result(result: Result): void;
}

export async function verify(data: Bytes, trust: Trust, told: Told): Promise<void> {
  let about: Case;
  try {
    about = readCase(unpack(data));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    told.result({ number: 1, faults: [faultOf("archive", { why: error.message })], undone: "" });
    for (const number of NUMBERS.slice(1)) told.result({ number, faults: [], undone: "unreached" });
    return;
  }
  told.head({ isPublic: about.isPublic, tender: about.tender, lots: about.lots.length, entries: about.leaves.length });
  for (const number of NUMBERS) {
    told.going(number);
    const check = RULES.find((one) => one.number === number);
    told.result(check === undefined ? { number, faults: [], undone: "elsewhere" } : await run(check, about, trust));
  }
}
