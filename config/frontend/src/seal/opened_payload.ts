/** The content of a sealed file, readable anywhere without a plain copy (twin of OpenedPayload in
 * bidding/envelope/stream.py). The last chunk is opened at once, so the length is authentic from the start.
 *
 * Enters: a Blob, where its payload begins, the file key. Leaves: plain bytes; refused when a chunk was changed.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type Bytes, join, utf8 } from "./bytes.ts";
import { derive } from "./header.ts";
import { CHUNK, NONCE, TAG } from "./padding.ts";
import { nonceOf } from "./payload.ts";
import { refuse } from "./refused.ts";

const SEALED = CHUNK + TAG;
const AT_ONCE = 64;
const NATIVE = "ChaCha20-Poly1305";

type Opener = (nonce: Bytes, chunk: Bytes) => Promise<Bytes> | Bytes;

async function openerFor(key: Bytes): Promise<Opener> {
  try {
    const held = await crypto.subtle.importKey("raw-secret" as "raw", key, NATIVE, false, ["decrypt"]);
    return async (iv, chunk) => new Uint8Array(await crypto.subtle.decrypt({ name: NATIVE, iv }, held, chunk));
  } catch {
    return (nonce, chunk) => chacha20poly1305(key, nonce).decrypt(chunk) as Bytes;
  }
}

export class OpenedPayload {
  private constructor(
    private readonly file: Blob,
    private readonly start: number,
    private readonly open: Opener,
    readonly length: number,
    private readonly chunks: number,
  ) {}

  static async of(file: Blob, start: number, fileKey: Bytes): Promise<OpenedPayload> {
    const nonce = await bytesOf(file, start, NONCE);
    const sealed = file.size - start - NONCE;
    const chunks = Math.max(1, Math.ceil(sealed / SEALED));
    const open = await openerFor(derive(fileKey, nonce, utf8("payload")));
    const payload = new OpenedPayload(file, start + NONCE, open, sealed - chunks * TAG, chunks);
    await payload.chunksFrom(chunks - 1, 1);
    return payload;
  }

  /** `length` bytes from `offset`; they must be there. */
  async read(offset: number, length: number): Promise<Bytes> {
    if (offset < 0 || offset + length > this.length) refuse("bidding.package_form");
    const first = Math.floor(offset / CHUNK);
    const count = Math.max(1, Math.ceil((offset + length) / CHUNK) - first);
    const plain = await this.chunksFrom(first, count);
    return plain.slice(offset - first * CHUNK, offset - first * CHUNK + length) as Bytes;
  }

  /** The same in blocks of at most 4 MiB. */
  async *blocks(offset: number, length: number): AsyncGenerator<Bytes> {
    for (let at = offset; at < offset + length; ) {
      const next = Math.min(offset + length, (Math.floor(at / CHUNK) + AT_ONCE) * CHUNK);
      yield await this.read(at, next - at);
      at = next;
    }
  }

  private async chunksFrom(first: number, count: number): Promise<Bytes> {
    const sealed = await bytesOf(this.file, this.start + first * SEALED, Math.min(count * SEALED, this.file.size - this.start - first * SEALED));
    const opened = Array.from({ length: count }, async (_none, at) => {
      const chunk = sealed.slice(at * SEALED, (at + 1) * SEALED);
      return this.open(nonceOf(first + at, first + at === this.chunks - 1), chunk as Bytes);
    });
    try {
      return join(...(await Promise.all(opened)));
    } catch {
      return refuse("bidding.payload_changed");
    }
  }
}

async function bytesOf(file: Blob, offset: number, length: number): Promise<Bytes> {
  const data = new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
  return data.length === length && length > 0 ? data : refuse("bidding.payload_cut");
}
