/** Send a sealed bid by tus and bring home its receipt (sealing.md, "Upload is submission").
 *
 * Enters: the sealed file, the site's addresses. Leaves: the receipt file as the site gave it, or a `SiteRefused` with
 * its reasons and signed refusal. What was sent before a cut is kept by the site and not sent again.
 */
import { Upload } from "tus-js-client";
import { JSON_HEADERS, Lost, SiteRefused, asked, failure, post } from "./asking.ts";
import { type Bytes, base64 } from "./bytes.ts";
import { refuse } from "./refused.ts";
import type { SealedBid } from "./sealing_bid.ts";

const CHUNK = 1 << 23;
const RETRIES = [0, 500, 1000, 2000, 4000];
const ASKS = 12;

export interface Urls {
  readonly tus: string;
  readonly desk: string;
  readonly cover: string;
  readonly submission: string;
  readonly trust: string;
}

export async function lodgeCover(urls: Urls, token: string, sealed: Bytes): Promise<void> {
  await post(urls.cover, token, { sealed: base64(sealed) });
}

/** Send the whole file; `progress` hears the bytes that arrived. A second call takes up where the first broke off. */
export function upload(urls: Urls, token: string, bid: SealedBid, progress: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = new Upload(bid.file, {
      endpoint: urls.tus,
      metadata: { lot: bid.lot, id: bid.submission },
      headers: { "X-CSRFToken": token, ...JSON_HEADERS },
      chunkSize: CHUNK,
      retryDelays: RETRIES,
      fingerprint: async () => `sunlight ${bid.submission}`,
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => progress(sent),
      onSuccess: () => resolve(),
      onError: (error) => {
        const answer = "originalResponse" in error ? error.originalResponse : null;
        reject(answer ? failure(answer.getStatus(), answer.getBody()) : new Lost(String(error)));
      },
    });
    void sending.findPreviousUploads().then(([kept]) => {
      if (kept !== undefined) sending.resumeFromPreviousUpload(kept);
      sending.start();
    });
  });
}

interface Status {
  readonly state: string;
  readonly receipt?: { readonly says?: { readonly codes?: readonly string[] } };
}

/** Did it arrive? Null when the site knows nothing of it; the site's own refusal is thrown. */
export async function statusOf(urls: Urls, bid: SealedBid): Promise<Status | null> {
  const answer = await asked(urls.submission.replace("0".repeat(32), bid.submission));
  if (answer.status === 404) return null;
  if (!answer.ok) throw failure(answer.status, await answer.text());
  const status = (await answer.json()) as Status;
  if (status.state !== "refused") return status;
  const codes = status.receipt?.says?.codes ?? [];
  throw new SiteRefused(codes.map((code) => ({ code, text: "" })), status.receipt);
}

/** The receipt of a file that was sent whole. Refused `page.undecided` when the site takes too long to decide. */
export async function receiptOf(urls: Urls, bid: SealedBid): Promise<unknown> {
  for (let ask = 0; ask < ASKS; ask += 1) {
    const status = await statusOf(urls, bid);
    if (status?.receipt !== undefined) return status.receipt;
    await new Promise((resolve) => setTimeout(resolve, 250 * (ask + 1)));
  }
  return refuse("page.undecided");
}
