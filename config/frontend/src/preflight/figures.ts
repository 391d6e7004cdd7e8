/** Figures as spreadsheets store them, exactly, in whole numbers of 10^-60 (twin of bidding/preflight/figures.py).
 *
 * Enters: the text of a cell. Leaves: the figure of the fifteen digits that a spreadsheet shows, or null; sums and
 * products rounded half up to fen.
 */

const FIGURE = /^([+-]?)([0-9]{1,15})(?:\.([0-9]{1,20}))?(?:[eE]([+-]?(?:1[0-5]|[0-9])))?$/;
const SHOWN = 15;
const PLACES = 60;
const UNIT = 10n ** BigInt(PLACES);
const CENT = UNIT / 100n;

/** A figure in units of 10^-60. */
export type Figure = bigint;

export function figure(text: string): Figure | null {
  const bare = text.trim().replace(/[,，]/g, "").replace(/^¥/, "").replace(/^￥/, "").trim();
  const found = FIGURE.exec(bare);
  if (found === null) return null;
  const [, sign, whole = "", rest = "", power = "0"] = found;
  const digits = (whole + rest).replace(/^0+/, "");
  const shown = digits.length > SHOWN ? rounded(BigInt(digits), 10n ** BigInt(digits.length - SHOWN)) * 10n ** BigInt(digits.length - SHOWN) : BigInt(digits || "0");
  const value = shown * 10n ** BigInt(PLACES - rest.length + Number(power));
  return sign === "-" ? -value : value;
}

/** `value` in steps of `step`, half up, away from zero. */
function rounded(value: bigint, step: bigint): bigint {
  const size = value < 0n ? -value : value;
  const steps = (size * 2n + step) / (step * 2n);
  return value < 0n ? -steps : steps;
}

/** Rounded to fen. */
export function cents(value: Figure): Figure {
  return rounded(value, CENT) * CENT;
}

/** The product, to fen. */
export function times(left: Figure, right: Figure): Figure {
  return rounded(left * right, CENT * UNIT) * CENT;
}

export function farther(left: Figure, right: Figure): boolean {
  const apart = left > right ? left - right : right - left;
  return apart > CENT;
}

/** With two places, as sentences say it. */
export function said(value: Figure): string {
  const fen = rounded(value, CENT);
  const size = String(fen < 0n ? -fen : fen).padStart(3, "0");
  return `${fen < 0n ? "-" : ""}${size.slice(0, -2)}.${size.slice(-2)}`;
}
