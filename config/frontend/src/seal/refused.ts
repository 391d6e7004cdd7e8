/** Refusals: what is wrong, as codes of the house (`bidding.closed`) with the facts of their sentence.
 *
 * Enters: codes. Leaves: an error with every reason. The sentences stand in the page, in the reader's language.
 */

export interface Reason {
  readonly code: string;
  readonly facts?: Readonly<Record<string, string>>;
}

export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly reasons: readonly Reason[]) {
    super(reasons.map((reason) => reason.code).join(", "));
  }
  get codes(): string[] {
    return this.reasons.map((reason) => reason.code);
  }
}

/** Refuse for one reason. */
export function refuse(code: string, facts?: Record<string, string>): never {
  throw new Refused([facts ? { code, facts } : { code }]);
}
