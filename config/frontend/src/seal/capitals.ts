/** Money in the capitals that bind (大写; twin of trading/money.py). Enters: a price in yuan with at most two places.
 * Leaves: 玖佰陆拾万元整. Zeros between two digits are said once; an amount without fen ends in 整. */
import { fen } from "./offer.ts";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "兆"];

export function capitals(price: string): string {
  const amount = fen(price);
  const [whole, rest] = [amount / 100n, Number(amount % 100n)];
  const [jiao, cent] = [Math.floor(rest / 10), rest % 10];
  const dime = jiao > 0 ? `${DIGITS[jiao]}角` : whole > 0n && cent > 0 ? "零" : "";
  const small = dime + (cent > 0 ? `${DIGITS[cent]}分` : "");
  const yuan = whole > 0n ? `${inGroups(whole)}元` : small === "" ? "零元" : "";
  return yuan + small + (cent > 0 ? "" : "整");
}

function inGroups(number: bigint): string {
  let spoken = "";
  let gap = false;
  for (let index = GROUPS.length - 1; index >= 0; index -= 1) {
    const group = Number((number / 10_000n ** BigInt(index)) % 10_000n);
    if (group === 0) {
      gap = spoken !== "";
      continue;
    }
    if (spoken !== "" && (gap || group < 1000)) spoken += "零";
    spoken += inPlaces(group) + GROUPS[index];
    gap = false;
  }
  return spoken;
}

function inPlaces(number: number): string {
  let spoken = "";
  let gap = false;
  for (let index = 3; index >= 0; index -= 1) {
    const digit = Math.floor(number / 10 ** index) % 10;
    if (digit > 0) spoken += (gap ? "零" : "") + DIGITS[digit] + PLACES[index];
    gap = spoken !== "" && digit === 0;
  }
  return spoken;
}

/** The price with two places and commas: 9,600,000.00. */
export function thousands(price: string): string {
  const amount = fen(price);
  const yuan = String(amount / 100n).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${yuan}.${String(amount % 100n).padStart(2, "0")}`;
}
