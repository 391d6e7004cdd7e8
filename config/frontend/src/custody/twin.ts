/** The custodian's part of the twin's command line (src/seal/twin.ts). Bytes travel in base64, the private key with them:
 * tests alone do that. */
import { type Bytes, base64, unbase64 } from "../seal/bytes.ts";
import { fingerprint, creditCodeOf } from "../seal/cms.ts";
import { readCertificates, readKeyFile } from "../seal/key_file.ts";
import { recipientText } from "../seal/points.ts";
import { checkAll, give, type HeaderFacts, type Batch } from "./giving.ts";
import { makeIdentity, openIdentity } from "./identity.ts";
import { logKeyOf } from "./log.ts";
import { type RehearsalFacts, giveRehearsal, sealRehearsal } from "./rehearsing.ts";
import { type Agreed, type ShownSheet, checkSheets } from "./signing_sheets.ts";
import { keyRecord } from "./statements.ts";

interface Question {
  readonly passphrase: string;
  readonly work?: number;
  readonly data: string;
  readonly secret: string;
  readonly facts: unknown;
  readonly signed: string;
  readonly now: number;
  readonly log: string;
  readonly witnesses?: string;
  readonly key: string;
  readonly keys: string;
  readonly name: string;
  readonly roots: string;
  readonly at: string;
  readonly tender: string;
  readonly round: number;
  readonly label: string;
  readonly holder: string;
}

function bytes(text: string): Bytes {
  const data = unbase64(text);
  if (data === null) throw new TypeError("not base64");
  return data;
}

function plain({ leaf, shares, statement }: Batch): object {
  const said = [...shares].map(([receipt, share]) => [receipt, share && base64(share)]);
  return { leaf, shares: Object.fromEntries(said), statement: base64(statement) };
}

async function make_identity(asked: Question): Promise<object> {
  const { file, key } = await makeIdentity(asked.passphrase, asked.work);
  return { file, recipient: recipientText(key) };
}

async function open_identity(asked: Question): Promise<object> {
  return { secret: base64(await openIdentity(bytes(asked.data), asked.passphrase)) };
}

async function key_record(asked: Question): Promise<object> {
  const { tender, round, label, holder, key } = asked;
  return { record: base64(keyRecord({ tender, round: BigInt(round), label, holder, key: bytes(key) })) };
}

async function check_sheets(asked: Question): Promise<object> {
  const { pen } = await readKeyFile(asked.keys, asked.passphrase);
  const own = { key: bytes(asked.key), certificate: fingerprint(pen.certificate), holder: creditCodeOf(pen.certificate) };
  const { sheets, ...agreed } = asked.facts as Agreed & { readonly sheets: readonly ShownSheet[] };
  return { lots: checkSheets(sheets, agreed, own).map((one) => one.lot) };
}

async function give_shares(asked: Question): Promise<object> {
  const logKey = logKeyOf(asked.log) ?? new Uint8Array(32);
  const checked = checkAll(asked.facts as HeaderFacts, bytes(asked.signed), asked.now, logKey, asked.witnesses ?? "");
  return plain(give(checked, bytes(asked.secret), () => {}));
}

async function give_rehearsal(asked: Question): Promise<object> {
  return plain(giveRehearsal(asked.facts as RehearsalFacts, bytes(asked.signed), bytes(asked.secret)));
}

async function seal_rehearsal(asked: Question): Promise<object> {
  const { pen } = await readKeyFile(asked.keys, asked.passphrase);
  const [roots, at] = [readCertificates(asked.roots), new Date(asked.at)];
  return sealRehearsal({ shown: asked.facts as ShownSheet, name: asked.name, pen, roots, at });
}

export const VERBS: Record<string, (asked: never) => Promise<object>> = {
  make_identity, open_identity, key_record, check_sheets, give_shares, give_rehearsal, seal_rehearsal,
};
