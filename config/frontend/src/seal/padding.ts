/** The padded length of a package, so that the stored size tells only a bucket (twin of bidding/envelope/padding.py).
 *
 * Enters: lengths in bytes as plain integers. Leaves: lengths in bytes; refused when an honest client makes none such.
 */
import { refuse } from "./refused.ts";

export const CHUNK = 64 * 1024;
export const TAG = 16;
export const NONCE = 16;
const MAX_PACKAGE = 2 ** 32 - 2 ** 26;

/** floor(log2 number), by plain integers: lengths go beyond 32 bits. */
function log2(number: number): number {
  let power = 0;
  for (let rest = number; rest >= 2; rest = Math.floor(rest / 2)) power += 1;
  return power;
}

/** P(n): `length` rounded up to a multiple of 2^z, at most 12 % more. */
export function padded(length: number): number {
  if (!Number.isSafeInteger(length) || length < 1 || length > MAX_PACKAGE) refuse("bidding.package_size");
  const power = log2(length);
  const loose = power === 0 ? 0 : Math.max(0, power - log2(power) - 1);
  return Math.ceil(length / 2 ** loose) * 2 ** loose;
}

/** How many bytes a payload of `length` bytes takes after the header, its nonce included. */
export function sealedLength(length: number): number {
  return NONCE + length + TAG * Math.max(1, Math.ceil(length / CHUNK));
}

/** The length of the package in a sealed file; refused unless it is a padded one. */
export function packageLength(fileLength: number, headerLength: number): number {
  const payload = fileLength - headerLength;
  const chunks = Math.max(1, Math.ceil((payload - NONCE) / (CHUNK + TAG)));
  const length = payload - NONCE - TAG * chunks;
  if (length < 0 || sealedLength(length) !== payload) refuse("bidding.payload_cut");
  if (padded(length) !== length) refuse("bidding.unpadded");
  return length;
}
