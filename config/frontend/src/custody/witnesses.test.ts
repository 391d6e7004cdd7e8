import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf, vectors } from "../seal/vectors.ts";
import { checkWitnesses, cosigners, looksLikePolicy, readPolicy, satisfied } from "./witnesses.ts";

const given = vectors<{
  taken: Array<{ policy: string; names: string[]; enough: string[][] }>;
  refused: string[];
  policy: string;
  since: string;
  notes: Array<{ note: string; cosigners: string[] }>;
}>("witness");
const SINCE = BigInt(given.since);

function sets(names: readonly string[]): string[][] {
  const [first, ...rest] = names;
  if (first === undefined) return [[]];
  return sets(rest).flatMap((one) => [one, [first, ...one]]);
}

test("a policy is satisfied by the sets that satisfy it in Python, and by no other", () => {
  for (const { policy, names, enough } of given.taken) {
    const found = sets(names).filter((one) => satisfied(readPolicy(policy), new Set(one)));
    assert.deepEqual(new Set(found.map((one) => one.sort().join())), new Set(enough.map((one) => one.join())), policy);
  }
});

test("what is no policy is refused", async () => {
  for (const text of given.refused) {
    assert.deepEqual(await codesOf(() => readPolicy(text)), ["bidding.witness_policy"], JSON.stringify(text));
  }
});

test("the cosignatures that count are those that count in Python", () => {
  const policy = readPolicy(given.policy);
  for (const { note, cosigners: expected } of given.notes) {
    assert.deepEqual([...cosigners(note, policy, SINCE)].sort(), expected, note);
  }
});

test("without the quorum, or from after the deadline, nothing is believed", async () => {
  const policy = readPolicy(given.policy);
  const whole = given.notes.find((one) => one.cosigners.length === 3);
  const none = given.notes.find((one) => one.cosigners.length === 0);
  assert.ok(whole && none);
  checkWitnesses(whole.note, policy, SINCE);
  for (const [note, since] of [[none.note, SINCE], [whole.note, SINCE + 1n], ["", SINCE]] as const) {
    assert.deepEqual(await codesOf(() => checkWitnesses(note, policy, since)), ["bidding.closing_unwitnessed"]);
  }
});

test("a policy is known among the chosen files by its quorum", () => {
  assert.ok(looksLikePolicy(given.policy));
  assert.ok(looksLikePolicy("quorum none"));
  for (const other of ["", "-----BEGIN CERTIFICATE-----", "log.example+0a+b", "# no quorum here\n"]) {
    assert.ok(!looksLikePolicy(other));
  }
});
