/** Exact arithmetic for scores, prices and interest: fractions of BigInt, and one rounding where a rule names it.
 *
 * Enters: decimals as text. Leaves: fractions; decimals as text with a stated number of places, half away from zero.
 */

export class Ratio {
  private constructor(readonly top: bigint, readonly bottom: bigint) {}

  static of(top: bigint, bottom = 1n): Ratio {
    if (bottom === 0n) throw new RangeError("a fraction of nothing");
    return bottom < 0n ? new Ratio(-top, -bottom) : new Ratio(top, bottom);
  }
  /** The value of a decimal as it is written. */
  static read(text: string): Ratio {
    const found = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
    if (found === null) throw new RangeError(`${text} is no decimal`);
    const places = found[3] ?? "";
    const whole = BigInt(`${found[2]}${places}`);
    return new Ratio(found[1] ? -whole : whole, 10n ** BigInt(places.length));
  }
  plus(other: Ratio): Ratio {
    return new Ratio(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }
  minus(other: Ratio): Ratio {
    return this.plus(new Ratio(-other.top, other.bottom));
  }
  times(other: Ratio): Ratio {
    return new Ratio(this.top * other.top, this.bottom * other.bottom);
  }
  over(other: Ratio): Ratio {
    return Ratio.of(this.top * other.bottom, this.bottom * other.top);
  }
  /** Below zero, zero or above it, as this is less than, equal to or more than `other`. */
  against(other: Ratio): number {
    const gap = this.top * other.bottom - other.top * this.bottom;
    return gap < 0n ? -1 : gap > 0n ? 1 : 0;
  }
  get size(): Ratio {
    return this.top < 0n ? new Ratio(-this.top, this.bottom) : this;
  }
  /** As a decimal with `places` digits after the point, half away from zero (四舍五入); zero has no sign. */
  rounded(places: number): string {
    const scaled = this.size.top * 10n ** BigInt(places);
    const whole = (2n * scaled + this.bottom) / (2n * this.bottom);
    return written(this.top < 0n ? -whole : whole, places);
  }
  /** The same, what is beyond the last place cut off. */
  cut(places: number): string {
    return written((this.top * 10n ** BigInt(places)) / this.bottom, places);
  }
}

function written(whole: bigint, places: number): string {
  const digits = String(whole < 0n ? -whole : whole).padStart(places + 1, "0");
  const sign = whole < 0n ? "-" : "";
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

export const ZERO = Ratio.of(0n);

export function least(left: Ratio, right: Ratio): Ratio {
  return left.against(right) <= 0 ? left : right;
}

export function most(left: Ratio, right: Ratio): Ratio {
  return left.against(right) >= 0 ? left : right;
}

export function sum(values: readonly Ratio[]): Ratio {
  return values.reduce((so, one) => so.plus(one), ZERO);
}

export function mean(values: readonly Ratio[]): Ratio {
  return sum(values).over(Ratio.of(BigInt(values.length)));
}

/** In rising order. */
export function ranked(values: readonly Ratio[]): Ratio[] {
  return [...values].sort((left, right) => left.against(right));
}

/** The order of two decimals as they are written. */
export function compareDecimals(left: string, right: string): number {
  return Ratio.read(left).against(Ratio.read(right));
}
