import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { type Bytes, hex, join, unhex, utf8 } from "./bytes.ts";
import type { FileEntry } from "./manifest.ts";
import { measure, pack } from "./packing.ts";
import { CHUNK } from "./padding.ts";
import { parseRecipient } from "./points.ts";
import { checkHeader } from "./receiving.ts";
import { sealFiles } from "./sealing_files.ts";
import { readSheet } from "./sheet.ts";
import { codesOf, vectors } from "./vectors.ts";

const SHEET = readSheet(unhex(vectors<Array<{ bytes: string }>>("sheet")[0]!.bytes));
const SALT = unhex("101112131415161718191a1b1c1d1e1f");
const SIGNATURE = utf8("the signature");
const author = {
  write: (entries: readonly FileEntry[]): Bytes => utf8(entries.map((one) => `${one.name} ${one.size} ${hex(one.sha256)}`).join("\n")),
  sign: async (): Promise<Bytes> => SIGNATURE,
};

const CASES: Record<string, number[]> = {
  "one file of several blocks": [9_000_000],
  "files that end and begin in the middle of chunks": [CHUNK - 1, 1, 0, 3 * CHUNK, CHUNK + 5, 300_000],
  "files smaller than a chunk": [10, 20, 0, 30],
  "no file": [],
  "one empty file": [0],
  "files that fill chunks to the byte": [2 * CHUNK - 165, CHUNK, 4 * CHUNK],
};

for (const [name, sizes] of Object.entries(CASES)) {
  test(`${name}: in memory and in parts, what is sealed is the package`, async () => {
    const identity = await generateX25519Identity();
    const own = parseRecipient(await identityToRecipient(identity));
    const files = sizes.map((size, at) => ({ name: `file-${at}.bin`, blob: new Blob([randomBytes(size)]) }));
    const measured = await Promise.all(files.map((file) => measure(file.name, file.blob)));
    const package_: Bytes[] = [];
    for await (const block of pack(author.write(measured.map((one) => one.entry)), SIGNATURE, measured).blocks()) package_.push(block);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    for (const room of total > 0 ? [total, total - 1] : [total]) {
      let read = 0;
      const watch = (phase: string, done: number): void => void (read = phase === "measuring" ? done : read);
      const made = await sealFiles(files, { sheet: SHEET, salt: SALT, own }, author, watch, room);
      const data = new Uint8Array(await made.blob.arrayBuffer());
      assert.equal(hex(made.digest), createHash("sha256").update(data).digest("hex"));
      assert.equal(checkHeader(data.subarray(0, 8192), SHEET, hex(SALT), data.length).header.stanzas.length, 2);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      assert.ok(Buffer.from(await decrypter.decrypt(data)).equals(Buffer.from(join(...package_))), `room ${room}`);
      assert.equal(read, total);
    }
  });
}

test("a name that is not allowed is refused before anything is read", async () => {
  const blob = { size: 1, slice: () => assert.fail("read") } as unknown as Blob;
  assert.deepEqual(await codesOf(() => sealFiles([{ name: "a/b", blob }], { sheet: SHEET, salt: SALT, own: null }, author)), ["bidding.file_name"]);
});
