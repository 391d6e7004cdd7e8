/** The bidder's own key at a command line, for tests/bidding/client/test_twin.py: look at an envelope, give the own share,
 * check a package. Bytes travel in base64. */
import { openIdentity } from "../custody/identity.ts";
import { type Bytes, base64, hex, unbase64, utf8 } from "./bytes.ts";
import { readCertificates } from "./key_file.ts";
import { look } from "./looking.ts";
import { type ShareFacts, ownShare } from "./own_share.ts";
import { checkReceipt } from "./receipt.ts";
import { readSheet } from "./sheet.ts";

interface Question {
  readonly identity: string;
  readonly sealed: string;
  readonly sheet: string;
  readonly roots: string;
  readonly receipt: unknown;
  readonly facts: ShareFacts;
}

function bytes(text: string): Bytes {
  const data = unbase64(text);
  if (data === null) throw new TypeError("not base64");
  return data;
}

async function lookAt(asked: Question): Promise<object> {
  const roots = readCertificates(asked.roots);
  const receipt = asked.receipt ? await checkReceipt(asked.receipt, roots) : null;
  const secret = await openIdentity(utf8(asked.identity), "");
  const at = { file: new Blob([bytes(asked.sealed)]), secret, sheet: readSheet(bytes(asked.sheet)), roots, receipt };
  const { manifest, digest, file } = await look(at, () => {});
  const files: Record<string, string> = {};
  for (const { name } of manifest.files) {
    const pieces: Uint8Array[] = [];
    for await (const block of file(name)) pieces.push(block);
    files[name] = base64(new Uint8Array(await new Blob(pieces as Bytes[]).arrayBuffer()));
  }
  return { price: manifest.price, items: manifest.items, own: manifest.ownKey && hex(manifest.ownKey), digest, files };
}

async function share(asked: Question): Promise<object> {
  const receipt = asked.receipt ? await checkReceipt(asked.receipt, readCertificates(asked.roots)) : null;
  return { share: base64(ownShare(asked.facts, await openIdentity(utf8(asked.identity), ""), receipt)) };
}

export const VERBS: Record<string, (asked: never) => Promise<object>> = { look: lookAt, own_share: share };
