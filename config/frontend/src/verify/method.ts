/** The evaluation method that a notice declares for a lot, in its one spelling.
 *
 * Enters: the JSON text of the notice. Leaves: the method with every default filled in, its text, the SHA-256 of that text
 * (what sheets name). What is not written as a method must be is refused: figures are decimals as text, nothing is left
 * over, points and shares make sense.
 */
import { type Bytes, utf8 } from "../seal/bytes.ts";
import { refuse } from "../seal/refused.ts";
import { digestOf, inOneForm } from "./case.ts";
import { Ratio, ZERO, compareDecimals, sum } from "./exact.ts";
import type { Value } from "./shapes.ts";

export interface Criterion {
  readonly code: string;
  readonly title: string;
  readonly kind: "pass" | "range" | "fixed" | "step";
  readonly part: "qualification" | "responsiveness" | "scoring";
  readonly clause: string;
  readonly full: string;
  readonly low: string;
  readonly steps: readonly string[];
  readonly objective: boolean;
}

export interface PriceRule {
  readonly rule: "mean_slope" | "two_step_mean" | "second_lowest" | "low_ratio";
  readonly full: string;
  readonly above: string;
  readonly below: string;
  readonly floor: string;
  readonly dropFrom: number;
  readonly dropHigh: number;
  readonly dropLow: number;
  readonly factor: string;
}

export interface Method {
  readonly kind: "comprehensive" | "lowest_price";
  readonly price: PriceRule | null;
  readonly admission: readonly Criterion[];
  readonly scoring: readonly Criterion[];
  readonly candidates: number;
  readonly members: number;
  readonly trimFrom: number;
  readonly text: string;
  readonly digest: Bytes;
}

const FIGURE = /^(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?$/;

/** One JSON object, field by field; what nobody asked for is refused at the end. */
class Fields {
  private readonly asked = new Set<string>();
  constructor(private readonly data: Value, private readonly place: string) {
    if (data === null || typeof data !== "object" || Array.isArray(data)) this.wrong("");
  }
  private wrong(name: string): never {
    return refuse("trading.method_field", { field: `${this.place}.${name}` });
  }
  take(name: string, isIt: (value: Value) => boolean, otherwise?: Value): Value {
    this.asked.add(name);
    const found = Object.hasOwn(this.data, name) ? this.data[name] : otherwise;
    return found !== undefined && isIt(found) ? found : this.wrong(name);
  }
  figure(name: string, otherwise?: string, places = 2): string {
    return this.take(name, (value) => isFigure(value, places), otherwise);
  }
  whole(name: string, otherwise: number): number {
    return this.take(name, (value) => Number.isInteger(value) && value >= 0 && value <= 1000, otherwise);
  }
  text(name: string, longest: number, otherwise?: string): string {
    const isIt = (value: Value): boolean => typeof value === "string" && value.normalize("NFC") === value && Array.from(value).length <= longest;
    return this.take(name, (value) => isIt(value) && (value.trim() !== "" || value === otherwise), otherwise);
  }
  word<T extends string>(name: string, ...words: readonly T[]): T {
    return this.take(name, (value) => words.includes(value));
  }
  close(): void {
    for (const name of Object.keys(this.data)) if (!this.asked.has(name)) this.wrong(name);
  }
  below(name: string, at?: number): Fields {
    const found = this.take(name, () => true);
    return new Fields(at === undefined ? found : found[at], at === undefined ? `${this.place}.${name}` : `${this.place}.${name}.${at}`);
  }
}

function isFigure(value: Value, places = 2): boolean {
  const found = typeof value === "string" ? FIGURE.exec(value) : null;
  return found !== null && (found[2] ?? ".").length - 1 <= places;
}

export function readMethod(text: string): Method {
  const fields = new Fields(JSON.parse(text), "method");
  const kind = fields.word("kind", "comprehensive", "lowest_price");
  const price = kind === "comprehensive" ? readPrice(fields.below("price")) : null;
  const rows = fields.take("criteria", (value) => Array.isArray(value) && value.length <= 40) as readonly Value[];
  const criteria = rows.map((_row, at) => readCriterion(fields.below("criteria", at)));
  const [candidates, members, trimFrom] = [fields.whole("candidates", 3), fields.whole("members", 5), fields.whole("trim_from", 0)];
  const blind = fields.take("blind", (value) => Array.isArray(value) && value.length <= 50 && value.every((one) => /^[a-z][a-z_]{0,30}$/.test(one)), []);
  fields.close();
  const plain = { kind, ...(price ? { price: priceText(price) } : {}), criteria: criteria.map(criterionText), candidates, members, trim_from: trimFrom };
  const spelled = inOneForm(blind.length > 0 ? { ...plain, blind } : plain);
  const of = (part: string): Criterion[] => criteria.filter((one) => one.part === part);
  const made: Method = {
    kind, price, candidates, members, trimFrom, text: spelled, digest: digestOf(utf8(spelled)),
    admission: [...of("qualification"), ...of("responsiveness")], scoring: of("scoring"),
  };
  checkMethod(made, criteria);
  return made;
}

function readPrice(fields: Fields): PriceRule {
  const rule = fields.word("rule", "mean_slope", "two_step_mean", "second_lowest", "low_ratio");
  const none = { above: "0", below: "0", floor: "0", dropFrom: 0, dropHigh: 0, dropLow: 0, factor: "1" };
  const full = fields.figure("full");
  const slopes = rule === "low_ratio" ? {} : { above: fields.figure("above"), below: fields.figure("below"), floor: fields.figure("floor", "0") };
  const drops = rule === "mean_slope"
    ? { dropFrom: fields.whole("drop_from", 0), dropHigh: fields.whole("drop_high", 0), dropLow: fields.whole("drop_low", 0), factor: fields.figure("factor", "1", 4) }
    : {};
  fields.close();
  return { rule, full, ...none, ...slopes, ...drops };
}

function readCriterion(fields: Fields): Criterion {
  const [code, title] = [fields.text("code", 32), fields.text("title", 200)];
  const kind = fields.word("kind", "pass", "range", "fixed", "step");
  const clause = fields.text("clause", 200, "");
  if (kind === "pass") {
    const part = fields.word("part", "qualification", "responsiveness", "scoring");
    fields.close();
    return { code, title, kind, part, clause, full: "0", low: "0", steps: [], objective: false };
  }
  const steps: string[] = kind === "step" ? fields.take("steps", (value) => Array.isArray(value) && value.length <= 50 && value.every((one) => isFigure(one))) : [];
  const full = kind === "step" ? ([...steps].sort(compareDecimals).at(-1) ?? "0") : fields.figure("full");
  const low = kind === "range" ? fields.figure("low", "0") : "0";
  const objective = fields.take("objective", (value) => typeof value === "boolean", kind === "fixed") as boolean;
  fields.close();
  return { code, title, kind, part: "scoring", clause, full, low, steps, objective };
}

function priceText(price: PriceRule): Value {
  const { rule, full, above, below, floor } = price;
  if (rule === "low_ratio") return { rule, full };
  if (rule !== "mean_slope") return { rule, full, above, below, floor };
  return { rule, full, above, below, floor, drop_from: price.dropFrom, drop_high: price.dropHigh, drop_low: price.dropLow, factor: price.factor };
}

function criterionText(one: Criterion): Value {
  const { code, title, kind } = one;
  const head = { code, title, kind, ...(one.clause ? { clause: one.clause } : {}) };
  if (kind === "pass") return { ...head, part: one.part };
  const points = kind === "step" ? { steps: one.steps } : { full: one.full };
  return { ...head, ...points, ...(kind === "range" ? { low: one.low } : {}), objective: one.objective };
}

/** Refused unless points, shares and figures make sense together. */
function checkMethod(method: Method, criteria: readonly Criterion[]): void {
  if (method.candidates < 1 || method.candidates > 3) refuse("trading.method_candidates");
  const trims = method.trimFrom === 0 || method.trimFrom >= 5;
  if (method.members < 5 || method.members > 99 || method.members % 2 === 0 || !trims) refuse("trading.method_members");
  const codes = new Set(criteria.map((one) => one.code));
  if (codes.size < criteria.length || !criteria.every(makesSense)) refuse("trading.method_criteria");
  if (method.admission.length === 0) refuse("trading.method_admission");
  if (method.scoring.length > 0 !== (method.kind === "comprehensive")) refuse("trading.method_criteria");
  if (method.price === null) return;
  const { full, floor, factor, dropFrom, dropHigh, dropLow } = method.price;
  const value = Ratio.read(factor);
  const fits = compareDecimals(full, "0") > 0 && compareDecimals(floor, full) <= 0 && (dropFrom === 0 || dropFrom > dropHigh + dropLow);
  if (!fits || value.against(ZERO) <= 0 || value.against(Ratio.of(2n)) > 0) refuse("trading.method_figure");
  const total = sum([full, ...method.scoring.map((one) => one.full)].map((one) => Ratio.read(one)));
  if (total.against(Ratio.of(100n)) !== 0) refuse("trading.method_weights", { total: total.rounded(2) });
}

function makesSense(one: Criterion): boolean {
  if (one.kind === "pass") return one.part !== "scoring";
  if (one.kind === "step") return one.steps.length > 1 && one.steps.every((step, at) => at === 0 || compareDecimals(one.steps[at - 1] as string, step) < 0);
  return compareDecimals(one.low, one.full) < 0;
}
