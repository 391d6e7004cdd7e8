/** X25519 (RFC 7748) with the house's rule: a point that is not canonical or of low order is refused wherever it comes
 * from (twin of bidding/envelope/x25519.py). Enters: keys and points of 32 bytes. Leaves: points, shared secrets. */
import { x25519 } from "@noble/curves/ed25519.js";
import { bech32 } from "@scure/base";
import type { Bytes } from "./bytes.ts";
import { refuse } from "./refused.ts";

const PRIME = 2n ** 255n - 19n;
const PROBE = Uint8Array.from({ length: 32 }, (_none, at) => at);

/** The point that belongs to `secret`. */
export function publicKey(secret: Uint8Array): Bytes {
  return x25519.getPublicKey(secret) as Bytes;
}

function littleEndian(point: Uint8Array): bigint {
  return point.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** X25519(secret, point); refused: a point of the wrong length, not below 2^255 - 19, or of low order. */
export function sharedSecret(secret: Uint8Array, point: Uint8Array): Bytes {
  if (point.length !== 32 || littleEndian(point) >= PRIME) refuse("bidding.point");
  let shared: Uint8Array;
  try {
    shared = x25519.scalarMult(secret, point);
  } catch {
    return refuse("bidding.low_order");
  }
  if (shared.every((byte) => byte === 0)) refuse("bidding.low_order");
  return shared as Bytes;
}

/** `point` itself when it is canonical and not of low order. */
export function checkPoint(point: Bytes): Bytes {
  sharedSecret(PROBE, point);
  return point;
}

/** A public key as age writes it: `age1...`. */
export function recipientText(key: Uint8Array): string {
  return bech32.encodeFromBytes("age", key);
}

/** The public key in `age1...`. */
export function parseRecipient(text: string): Bytes {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(text);
    if (prefix === "age" && bytes.length === 32 && text === text.toLowerCase()) return checkPoint(bytes as Bytes);
  } catch (error) {
    if (error instanceof Error && error.name === "Refused") throw error;
  }
  return refuse("bidding.key_text");
}
