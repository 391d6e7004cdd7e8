/** Secrets shared bytewise in GF(2^8) with the polynomial 0x11B (twin of bidding/envelope/shamir.py).
 *
 * Enters: a secret, coefficients, places x = 1, 2, ... Leaves: shares, or the secret again from enough of them.
 * Products are computed without tables or branches on secrets.
 */
import type { Bytes } from "./bytes.ts";

/** The product of two field elements. */
export function multiply(left: number, right: number): number {
  let product = 0;
  let doubled = left;
  for (let bit = 0; bit < 8; bit += 1) {
    product ^= doubled & -((right >> bit) & 1);
    doubled = ((doubled << 1) ^ (0x11b & -(doubled >> 7))) & 0xff;
  }
  return product;
}

/** The element whose product with `element` is 1: its power of 254; zero has none. */
export function inverse(element: number): number {
  if (element <= 0 || element > 255) throw new RangeError("zero has no inverse");
  let power = 1;
  for (let step = 0; step < 254; step += 1) power = multiply(power, element);
  return power;
}

/** The value secret + c_1 x + c_2 x^2 + ..., bytewise. */
export function share(secret: Uint8Array, coefficients: readonly Uint8Array[], x: number): Bytes {
  const terms = [secret, ...coefficients].reverse();
  return Uint8Array.from(secret, (_byte, at) =>
    terms.reduce((value, term) => multiply(value, x) ^ (term[at] as number), 0),
  );
}

/** The value at 0 of the polynomial of lowest degree through `shares` (place: share). */
export function combine(shares: ReadonlyMap<number, Uint8Array>): Bytes {
  const [first] = shares.values();
  if (first === undefined) throw new RangeError("no share");
  const secret = new Uint8Array(first.length);
  for (const [x, value] of shares) {
    const others = [...shares.keys()].filter((other) => other !== x);
    const weight = others.reduce((product, other) => multiply(product, multiply(other, inverse(other ^ x))), 1);
    for (const [at, byte] of value.entries()) secret[at] = (secret[at] as number) ^ multiply(byte, weight);
  }
  return secret;
}
