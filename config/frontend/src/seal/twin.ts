/** The sealing twin at a command line, for tests/bidding/envelope/test_twin.py: one JSON question on standard input, one
 * JSON answer on standard output. A refusal is answered by its codes. Bytes travel in base64. */
import { Decrypter } from "age-encryption";
import { VERBS as CUSTODY } from "../custody/twin.ts";
import { type Bytes, base64, hex, unbase64 } from "./bytes.ts";
import { verify } from "./cms.ts";
import { VERBS as FORMAT } from "./format_twin.ts";
import { readCertificates, readKeyFile } from "./key_file.ts";
import type { Desk } from "./offer.ts";
import { VERBS as OWN } from "./own_twin.ts";
import { parseRecipient } from "./points.ts";
import { checkOwn, checkReceipt } from "./receipt.ts";
import { Refused } from "./refused.ts";
import { sealBid, signedSheetOf } from "./sealing_bid.ts";
import { sheetDigest } from "./sheet.ts";

interface NamedFile {
  readonly name: string;
  readonly data: string;
}

interface Question {
  readonly desk: Desk;
  readonly roots: string;
  readonly at: string;
  readonly keys: string;
  readonly passphrase: string;
  readonly price: string;
  readonly days: string;
  readonly files: readonly NamedFile[];
  readonly cover: string | null;
  readonly identity: string;
  readonly own?: string;
  readonly data: string;
  readonly signature: string;
  readonly receipt: unknown;
  readonly sent: Parameters<typeof checkOwn>[1];
}

function bytes(text: string): Bytes {
  const data = unbase64(text);
  if (data === null) throw new TypeError("not base64");
  return data;
}

async function seal(asked: Question): Promise<object> {
  const { pen } = await readKeyFile(asked.keys, asked.passphrase);
  const files = asked.files.map((file) => new File([bytes(file.data)], file.name));
  const cover = asked.cover === null ? null : new Blob([bytes(asked.cover)]);
  const offer = { price: asked.price, days: asked.days, items: [], files, cover, own: asked.own ? parseRecipient(asked.own) : null };
  const job = { desk: asked.desk, offer, pen, roots: readCertificates(asked.roots), at: new Date(asked.at) };
  const made = await sealBid(job, () => {});
  const file = base64(new Uint8Array(await made.file.arrayBuffer()));
  return { ...made, file, cover: made.cover && base64(made.cover) };
}

async function sheet(asked: Question): Promise<object> {
  const found = await signedSheetOf(asked.desk, readCertificates(asked.roots), new Date(asked.at));
  return { digest: hex(sheetDigest(found)) };
}

async function decrypt(asked: Question): Promise<object> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(asked.identity);
  return { data: base64(await decrypter.decrypt(bytes(asked.data))) };
}

async function signature(asked: Question): Promise<object> {
  await verify(bytes(asked.data), bytes(asked.signature), readCertificates(asked.roots), new Date(asked.at));
  return {};
}

async function receipt(asked: Question): Promise<object> {
  const checked = await checkReceipt(asked.receipt, readCertificates(asked.roots));
  if (asked.sent) checkOwn(checked, asked.sent);
  return { kind: checked.kind };
}

const VERBS: Record<string, (asked: Question) => Promise<object>> = {
  seal, sheet, decrypt, signature, receipt, ...CUSTODY, ...OWN, ...FORMAT,
};

async function answer(text: string): Promise<object> {
  const asked = JSON.parse(text) as Question & { verb: string };
  const act = VERBS[asked.verb];
  if (act === undefined) throw new TypeError(`no verb ${asked.verb}`);
  try {
    return await act(asked);
  } catch (error) {
    if (error instanceof Refused) return { refused: error.codes };
    throw error;
  }
}

const pieces: Uint8Array[] = [];
for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
process.stdout.write(`${JSON.stringify(await answer(Buffer.concat(pieces).toString()))}\n`);
