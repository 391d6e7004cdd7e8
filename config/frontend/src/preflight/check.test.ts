import assert from "node:assert/strict";
import { test } from "node:test";
import { unbase64 } from "../seal/bytes.ts";
import { vectors } from "../seal/vectors.ts";
import { checkPackage, openingListIn, rulesOf } from "./check.ts";
import type { Finding, Paper } from "./finding.ts";

interface Case {
  readonly about: string;
  readonly desk: { readonly name: string; readonly credit_code: string; readonly papers: readonly Paper[] };
  readonly price: string;
  readonly days: string;
  readonly files: ReadonlyArray<{ readonly name: string; readonly data: string }>;
  readonly found: readonly Finding[];
}

const cases = vectors<readonly Case[]>("preflight");
const filesOf = (given: Case): File[] => given.files.map(({ name, data }) => new File([unbase64(data) ?? assert.fail()], name));

for (const given of cases) {
  test(`the check of a package: ${given.about}`, async () => {
    const heard: string[] = [];
    const offered = { price: given.price, days: given.days, files: filesOf(given) };
    const found = await checkPackage(offered, rulesOf(given.desk), (name) => heard.push(name));
    const plain = found.map(({ code, file, facts }) => ({ code, file, facts: { ...facts } }));
    assert.deepEqual(plain, given.found);
    assert.deepEqual(heard, given.files.map((file) => file.name));
  });
}

test("the opening list is read from the package", async () => {
  const [honest] = cases as [Case];
  const found = await openingListIn(filesOf(honest), rulesOf(honest.desk));
  assert.deepEqual(found, { price: "9596000.00", days: "300", items: [{ name: "quality", value: "合格" }] });
});
