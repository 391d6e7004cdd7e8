/** Questions to the site in JSON, and what its answers mean.
 *
 * Enters: a path of this site, for an act the form's values and the CSRF token. Leaves: facts; a `SiteRefused` with the
 * site's reasons in the reader's language, or `Lost` when the connection does not carry.
 */
import { refuse } from "./refused.ts";

/** A reason as the site says it, in the reader's language already. */
export interface SaidReason {
  readonly code: string;
  readonly text: string;
}

export class SiteRefused extends Error {
  override readonly name = "SiteRefused";
  constructor(
    readonly reasons: readonly SaidReason[],
    readonly receipt: unknown,
  ) {
    super(reasons.map((reason) => reason.code).join(", "));
  }
}

/** The connection broke, or the site answered with no word of its own: it may pass. */
export class Lost extends Error {
  override readonly name = "Lost";
}

export const JSON_HEADERS = { Accept: "application/json" };

interface Problem {
  readonly reasons?: readonly SaidReason[];
  readonly receipt?: unknown;
}

function problemIn(text: string): Problem {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Problem) : {};
  } catch {
    return {};
  }
}

/** What an answer that is no success means: a refusal of the site, or a connection that does not carry. */
export function failure(status: number, text: string): Error {
  const { reasons = [], receipt = null } = problemIn(text);
  return reasons.length > 0 ? new SiteRefused(reasons, receipt) : new Lost(`the site answered ${status}`);
}

export async function asked(path: string, init: RequestInit = {}): Promise<Response> {
  const question = { cache: "no-store", ...init, headers: { ...JSON_HEADERS, ...init.headers } } as const;
  const answer = await fetch(path, question).catch((error: unknown) => {
    throw new Lost("the site was not reached", { cause: error });
  });
  if (answer.redirected && new URL(answer.url).pathname.startsWith("/accounts/")) refuse("page.signed_out");
  return answer;
}

/** The JSON of an answer that arrives whole. */
function whole(answer: Response): Promise<unknown> {
  return answer.json().catch((error: unknown) => {
    throw new Lost("the answer broke off", { cause: error });
  });
}

/** The facts at `path`. */
export async function facts<T>(path: string): Promise<T> {
  const answer = await asked(path);
  if (!answer.ok) throw failure(answer.status, await answer.text());
  return (await whole(answer)) as T;
}

/** Act: post `form` as JSON; the facts of the answer. */
export async function post<T>(path: string, token: string, form: object): Promise<T> {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await asked(path, { method: "POST", headers, body: JSON.stringify(form) });
  if (!answer.ok) throw failure(answer.status, await answer.text());
  return (await whole(answer)) as T;
}
