// The public npm package age-encryption at a command line, nothing of ours in it: one JSON question on standard input,
// one JSON answer on standard output. The second opinion for tests/bidding/envelope. Bytes travel in base64.
import { Decrypter, Encrypter, armor } from "age-encryption";

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const text = (data) => Buffer.from(data).toString("base64");

const ARMORED = "-----BEGIN AGE";

function fileOf(data) {
  const written = Buffer.from(data).toString("latin1");
  return written.startsWith(ARMORED) ? armor.decode(written) : data;
}

async function opened(data, { identity, passphrase }) {
  const decrypter = new Decrypter();
  if (identity) decrypter.addIdentity(identity);
  if (passphrase) decrypter.addPassphrase(passphrase);
  return decrypter.decrypt(fileOf(data));
}

async function encrypt({ recipients = [], passphrase, data, armored }) {
  const encrypter = new Encrypter();
  for (const one of recipients) encrypter.addRecipient(one);
  if (passphrase) {
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(10);
  }
  const file = await encrypter.encrypt(bytes(data));
  return { data: text(armored ? Buffer.from(armor.encode(file)) : file) };
}

async function decrypt({ data, ...keys }) {
  return { data: text(await opened(bytes(data), keys)) };
}

/** Of many files: what came out, or why nothing did. */
async function judge({ files, ...keys }) {
  const verdicts = [];
  for (const file of files) {
    try {
      verdicts.push({ data: text(await opened(bytes(file), keys)) });
    } catch (error) {
      verdicts.push({ error: String(error?.message ?? error) });
    }
  }
  return { verdicts };
}

const VERBS = { encrypt, decrypt, judge };
const pieces = [];
for await (const piece of process.stdin) pieces.push(piece);
const { verb, ...asked } = JSON.parse(Buffer.concat(pieces).toString());
process.stdout.write(`${JSON.stringify(await VERBS[verb](asked))}\n`);
