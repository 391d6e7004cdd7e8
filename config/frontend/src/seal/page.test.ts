import assert from "node:assert/strict";
import { test } from "node:test";
import { capitals, thousands } from "./capitals.ts";
import { type Desk, type Offer, offerBlockers } from "./offer.ts";
import { Pacer, spare } from "./pace.ts";
import { isoInstant } from "./receipt.ts";
import { Words, sizeInWords } from "./words.ts";

const DESK: Desk = {
  lot: "sl-1-1", title: "", round: 1, stage: "bidding", deadline: null, ceiling: "10000000.00", bond: "0.00",
  credit_code: "", name: "", sheet: null,
};
const OFFER: Offer = { price: "9596000", days: "300", items: [], files: [new File(["x"], "a.pdf")], cover: null };
const codes = (offer: Partial<Offer>, desk: Partial<Desk> = {}): string[] =>
  offerBlockers({ ...OFFER, ...offer }, { ...DESK, ...desk }).map((reason) => reason.code);

test("an honest offer has nothing against it", () => {
  assert.deepEqual(codes({}), []);
  assert.deepEqual(codes({ price: "10000000" }), []);
  assert.deepEqual(codes({ price: "99999999.99" }, { ceiling: null }), []);
});

test("each thing that is wrong is said, all at once", () => {
  assert.deepEqual(codes({ price: "10000000.01" }), ["bidding.above_ceiling"]);
  assert.deepEqual(codes({ price: "1,000" }), ["bidding.price"]);
  assert.deepEqual(codes({ days: "1.5", files: [] }), ["bidding.days", "bidding.no_files"]);
  assert.deepEqual(codes({ files: [new File([], "cover.key")] }), ["bidding.file_twice"]);
  assert.deepEqual(codes({}, { bond: "200000.00" }), ["bidding.cover_missing"]);
  assert.deepEqual(codes({ items: [{ name: "", value: "x" }] }), ["bidding.item"]);
});

test("money is said in the capitals that bind", () => {
  const said: Record<string, string> = {
    "0": "零元整", "0.01": "壹分", "0.10": "壹角整", "0.5": "伍角整", "1": "壹元整", "10": "壹拾元整", "1.01": "壹元零壹分",
    "105": "壹佰零伍元整", "1000": "壹仟元整", "10001": "壹万零壹元整", "100100": "壹拾万零壹佰元整",
    "9596000.00": "玖佰伍拾玖万陆仟元整", "100000001": "壹亿零壹元整", "48198107.32": "肆仟捌佰壹拾玖万捌仟壹佰零柒元叁角贰分",
    "1000000000000": "壹兆元整",
  };
  for (const [price, words] of Object.entries(said)) assert.equal(capitals(price), words);
  assert.equal(thousands("9596000"), "9,596,000.00");
  assert.equal(thousands("100.5"), "100.50");
});

test("the finish line follows the last ten seconds", () => {
  const pacer = new Pacer(10_000);
  assert.equal(pacer.pace(), null);
  pacer.mark(0, 0);
  pacer.mark(100, 50);
  assert.equal(pacer.pace(), null);
  pacer.mark(1000, 1000);
  assert.deepEqual(pacer.pace(), { speed: 1000, left: 9000 });
  pacer.mark(20_000, 4000);
  pacer.mark(21_000, 6000);
  assert.deepEqual(pacer.pace(), { speed: 2000, left: 2000 });
  assert.equal(spare({ speed: 1, left: 2000 }, 0, 60_000), 58_000);
  pacer.mark(22_000, 100);
  assert.equal(pacer.pace(), null);
});

test("sizes, spans and reasons are said in words", () => {
  assert.deepEqual([0, 1023, 1024, 1536, 5 * 2 ** 30].map(sizeInWords), ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "5.0 GiB"]);
  const words = new Words({ reasons: { "a.b": "above %(ceiling)s" }, say: { "%(count)s seconds": "%(count)s 秒" } });
  assert.equal(words.span(41_000), "41 秒");
  assert.equal(words.span(41 * 60_000), "41 minutes");
  assert.equal(words.span(3 * 3_600_000), "3 hours");
  assert.equal(words.reason({ code: "a.b", facts: { ceiling: "9" } }), "above 9");
  assert.equal(words.reason({ code: "a.c" }), "a.c");
  assert.equal(words.reason({ code: "a.b", facts: { name: "x.pdf", ceiling: "9" } }), "x.pdf: above 9");
});

test("instants are written as the twin writes them", () => {
  assert.equal(isoInstant(1_772_413_200_000_005n), "2026-03-02T01:00:00.000005+00:00");
});
