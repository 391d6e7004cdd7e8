import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { combine, inverse, multiply, share } from "./shamir.ts";

test("products are those of the field of AES", () => {
  assert.equal(multiply(0x57, 0x83), 0xc1); // FIPS 197, 4.2
  assert.equal(multiply(0x57, 0x13), 0xfe);
  for (let element = 1; element < 256; element += 1) assert.equal(multiply(element, inverse(element)), 1);
  assert.throws(() => inverse(0), RangeError);
});

test("any k shares give the secret again, in any order", () => {
  for (let k = 1; k <= 8; k += 1) {
    const secret = randomBytes(16);
    const coefficients = Array.from({ length: k - 1 }, () => randomBytes(16));
    const all = Array.from({ length: 8 }, (_none, at) => [at + 1, share(secret, coefficients, at + 1)] as const);
    const chosen = all.sort(() => Math.random() - 0.5).slice(0, k);
    assert.deepEqual(Buffer.from(combine(new Map(chosen))), secret);
  }
});
