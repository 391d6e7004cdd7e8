/** A custodian's private key as a file: an age identity under a passphrase (twin of bidding/envelope/identity.py).
 *
 * Enters: a passphrase, or the bytes of such a file and its passphrase. Leaves: a file that every age tool reads, or the
 * private key. Meant for the worker alone: scrypt takes 256 MiB and a second or more, and the key stays there.
 */
import { Decrypter, Encrypter, armor, generateX25519Identity, identityToRecipient } from "age-encryption";
import { bech32 } from "@scure/base";
import type { Bytes } from "../seal/bytes.ts";
import { parseRecipient } from "../seal/points.ts";
import { refuse } from "../seal/refused.ts";

const WRITTEN = 18; // binary logarithm of scrypt's N: 256 MiB
export const SHORTEST = 12; // characters of a passphrase
const MOST = 1 << 20;
const PREFIX = "AGE-SECRET-KEY-";
const ARMOR_MARK = "-----BEGIN AGE ENCRYPTED FILE-----";
const VERSION_LINE = "age-encryption.org/v1\n";

export interface MadeKey {
  readonly file: string;
  readonly key: Bytes;
}

/** A new key and its file. Refused `bidding.passphrase_short`. `work` is a parameter for the tests alone. */
export async function makeIdentity(passphrase: string, work = WRITTEN): Promise<MadeKey> {
  if ([...passphrase].length < SHORTEST) refuse("bidding.passphrase_short", { least: String(SHORTEST) });
  const secret = await generateX25519Identity();
  const recipient = await identityToRecipient(secret);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(work);
  const sealed = await encrypter.encrypt(`# public key: ${recipient}\n${secret}\n`);
  return { file: armor.encode(sealed), key: parseRecipient(recipient) };
}

/** The private key in an identity file (32 bytes), the first of several. Refused `bidding.key_file`,
 * `.passphrase_missing`, `.passphrase_wrong`. */
export async function openIdentity(data: Bytes, passphrase: string): Promise<Bytes> {
  if (data.length > MOST) refuse("bidding.key_file");
  const start = asciiOf(data.subarray(0, 64)).trimStart();
  const locked = start.startsWith(ARMOR_MARK) || start.startsWith(VERSION_LINE);
  const plain = locked ? await unlocked(data, passphrase, start.startsWith(ARMOR_MARK)) : data;
  return secretIn(asciiOf(plain));
}

function asciiOf(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return text;
}

async function unlocked(data: Bytes, passphrase: string, isArmored: boolean): Promise<Bytes> {
  if (passphrase === "") refuse("bidding.passphrase_missing");
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return (await decrypter.decrypt(isArmored ? armor.decode(asciiOf(data)) : data)) as Bytes;
  } catch (error) {
    // The library has no other way to say which of the two it was.
    return refuse(/no identity matched/.test(String(error)) ? "bidding.passphrase_wrong" : "bidding.key_file");
  }
}

function secretIn(text: string): Bytes {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [first] = lines.filter((line) => line !== "" && !line.startsWith("#"));
  try {
    const { prefix, bytes } = bech32.decodeToBytes((first ?? "").toLowerCase());
    const written = first === (first ?? "").toUpperCase() && prefix.toUpperCase() === PREFIX;
    if (written && bytes.length === 32) return bytes as Bytes;
  } catch {
    // what is no bech32 is no key
  }
  return refuse("bidding.key_file");
}
