import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords, labels, parsePolicy, satisfied, smallest } from "./policy.ts";
import { codesOf, vectors } from "./vectors.ts";

interface Vectors {
  taken: Array<{ policy: string; labels: string[]; smallest: number[][]; words: string }>;
  refused: Array<{ policy: string; code: string }>;
}

const POLICIES = vectors<Vectors>("policy");

for (const expected of POLICIES.taken) {
  test(`${expected.policy} has its leaves, smallest sets and words`, () => {
    const policy = parsePolicy(expected.policy);
    assert.deepEqual(labels(policy), expected.labels);
    assert.deepEqual(smallest(policy), expected.smallest);
    assert.equal(inWords(policy), expected.words);
    for (const one of expected.smallest) {
      assert.ok(satisfied(policy.root, new Set(one)));
      for (const absent of one) assert.ok(!satisfied(policy.root, new Set(one.filter((leaf) => leaf !== absent))));
    }
  });
}

for (const { policy, code } of POLICIES.refused) {
  test(`${JSON.stringify(policy)} is refused`, async () => {
    assert.deepEqual(await codesOf(() => parsePolicy(policy)), [code]);
  });
}

test("the words are put together in the reader's language", () => {
  const chinese: Record<string, string> = { "the agent": "代理机构", "the centre": "交易中心", "the regulator": "监管部门" };
  const words = inWords(parsePolicy("2(a,c,r)"), (english, facts) =>
    english.startsWith("any") ? `${facts["parts"]} 中任意 ${facts["count"]} 方` : (chinese[english] ?? facts["who"] ?? "、"),
  );
  assert.equal(words, "代理机构、交易中心、监管部门 中任意 2 方");
});
