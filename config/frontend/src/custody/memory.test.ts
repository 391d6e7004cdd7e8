import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf } from "../seal/vectors.ts";
import { type Shelf, compare, compareLeaf, recall, recallLeaf, remember, rememberLeaf } from "./memory.ts";

const BELIEVED = { log: "log", witnesses: "quorum none\n" };

function shelf(): Shelf {
  const kept = new Map<string, string>();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

test("what was signed is found again, and what was not is noticed", async () => {
  const own = shelf();
  assert.equal(recall(own, "sl-1-1", 1n), null);
  remember(own, "sl-1-1", 1n, "aa", BELIEVED);
  remember(own, "sl-1-1", 1n, "bb", BELIEVED);
  const found = recall(own, "sl-1-1", 1n);
  assert.deepEqual(found, { sheets: ["aa", "bb"], ...BELIEVED });
  assert.equal(recall(own, "sl-1-1", 2n), null);
  compare(found, "aa", "log");
  compare(null, "anything", "any log");
  assert.deepEqual(await codesOf(() => compare(found, "cc", "log")), ["bidding.sheet_not_signed"]);
  assert.deepEqual(await codesOf(() => compare(found, "bb", "another")), ["bidding.other_log"]);
});

test("what was kept before witnesses were remembered is still known", () => {
  const own = shelf();
  own.setItem("sunlight custody sl-1-1 1", JSON.stringify({ sheets: ["aa"], log: "log" }));
  assert.deepEqual(recall(own, "sl-1-1", 1n), { sheets: ["aa"], log: "log", witnesses: "" });
});

test("another policy or leaf than at the registration is noticed", async () => {
  const own = shelf();
  rememberLeaf(own, "sl-1", "key", { label: "a", policy: "2(a,c,r)" });
  const kept = recallLeaf(own, "sl-1", "key");
  compareLeaf(kept, "a", "2(a,c,r)");
  compareLeaf(recallLeaf(own, "sl-1", "another"), "c", "1(a,c)");
  assert.deepEqual(await codesOf(() => compareLeaf(kept, "a", "2(a,c)")), ["bidding.policy_changed"]);
  assert.deepEqual(await codesOf(() => compareLeaf(kept, "c", "2(a,c,r)")), ["bidding.sheet_not_mine"]);
});

test("a shelf that is full, broken or spoiled keeps nobody from working", () => {
  const full: Shelf = {
    getItem: () => "{not json",
    setItem: () => {
      throw new Error("full");
    },
  };
  remember(full, "sl-1-1", 1n, "aa", BELIEVED);
  rememberLeaf(full, "sl-1", "key", { label: "a", policy: "" });
  assert.equal(recall(full, "sl-1-1", 1n), null);
  assert.equal(recallLeaf(full, "sl-1", "key"), null);
});
