/** For tests/bench/browser_sealing.py alone: how fast a page seals, beside age-encryption alone in the same page.
 *
 * Enters: MiB. Leaves, by name, MiB a second: the whole sealing (read, measure, pack, encrypt, digest), its payload with
 * the browser's own cipher, with ours, and the library encrypting the same file to one key.
 */
import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { blocksOf } from "./blobs.ts";
import { type Bytes, unhex, utf8 } from "./bytes.ts";
import { type Cipher, nativeCipher, ownCipher, sealPayload } from "./payload.ts";
import { sealFiles } from "./sealing_files.ts";
import { type CustodySheet, readSheet } from "./sheet.ts";

const FILE_KEY = new Uint8Array(16);
const SALT = new Uint8Array(16);

async function drain(blocks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _block of blocks);
}

async function wholeSealing(blob: Blob, sheet: CustodySheet): Promise<void> {
  const author = { write: () => utf8("{}"), sign: async () => utf8("signature") };
  await sealFiles([{ name: "file.bin", blob }], { sheet, salt: SALT, own: null }, author);
}

async function byTheLibrary(blob: Blob): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()));
  const reader = (await encrypter.encrypt(blob.stream() as ReadableStream<Uint8Array>)).getReader();
  while (!(await reader.read()).done);
}

const payload = (blob: Blob, cipher: (key: Bytes) => Promise<Cipher>): Promise<void> =>
  drain(sealPayload(blocksOf(blob), FILE_KEY, new Uint8Array(16), cipher));

async function run(mebibytes: number, sheetHex: string): Promise<Record<string, number>> {
  const piece = crypto.getRandomValues(new Uint8Array(1 << 16));
  const blob = new Blob(Array.from({ length: mebibytes * 16 }, () => piece));
  const sheet = readSheet(unhex(sheetHex));
  const hasNative = (await nativeCipher(new Uint8Array(32))) !== null;
  const ways: Record<string, () => Promise<void>> = {
    "age-encryption alone": () => byTheLibrary(blob),
    "sealing, all of it": () => wholeSealing(blob, sheet),
    "payload, our cipher": () => payload(blob, async (key) => ownCipher(key)),
    ...(hasNative ? { "payload, the browser's cipher": () => payload(blob, async (key) => (await nativeCipher(key))!) } : {}),
  };
  const rates: Record<string, number> = {};
  for (const [name, way] of Object.entries(ways)) {
    const begun = performance.now();
    await way();
    rates[name] = (mebibytes / (performance.now() - begun)) * 1000;
  }
  return rates;
}

Object.assign(globalThis, { measureSealing: run });
