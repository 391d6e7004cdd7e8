/** Who together may open, like `2(a,c,r)` (twin of bidding/envelope/policy.py; sealing.md, "Policy" and "Bytes").
 *
 * Enters: the text of a policy. Leaves: its tree, the sets that satisfy it, a sentence.
 */
import { refuse } from "./refused.ts";

const MAX_DEPTH = 3;
const MAX_LEAVES = 16;
const MAX_CHILDREN = 8;
const TOKEN = /([1-8])\(|([a-z][1-9]?)|([,)])/y;
const BIDDER = "b";

export interface Leaf {
  readonly index: number;
  readonly label: string;
}

export interface Node {
  readonly number: number;
  readonly k: number;
  readonly children: ReadonlyArray<Node | Leaf>;
}

export interface Policy {
  readonly text: string;
  readonly root: Node;
  readonly leaves: readonly Leaf[];
}

export function isLeaf(node: Node | Leaf): node is Leaf {
  return "label" in node;
}

const malformed = (): never => refuse("bidding.policy_grammar");

class PolicyReader {
  private at = 0;
  private nodes = 0;
  readonly leaves: Leaf[] = [];
  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.at === this.text.length;
  }
  private token(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) return malformed();
    this.at = TOKEN.lastIndex;
    return found;
  }
  node(depth: number): Node {
    const k = this.token()[1];
    return k === undefined ? malformed() : this.children(Number(k), depth);
  }
  private children(k: number, depth: number): Node {
    if (depth > MAX_DEPTH) refuse("bidding.policy_depth");
    const number = this.nodes;
    this.nodes += 1;
    const children = [this.child(depth)];
    let mark = this.token()[3];
    for (; mark === ","; mark = this.token()[3]) children.push(this.child(depth));
    if (mark !== ")" || children.length < 2 || children.length > MAX_CHILDREN) malformed();
    if (k > children.length) refuse("bidding.policy_quorum");
    return { number, k, children };
  }
  private child(depth: number): Node | Leaf {
    const found = this.token();
    if (found[1] !== undefined) return this.children(Number(found[1]), depth + 1);
    const label = found[2];
    if (label === undefined || (label[0] === BIDDER && label !== BIDDER)) return malformed();
    this.leaves.push({ index: this.leaves.length, label });
    return this.leaves[this.leaves.length - 1] as Leaf;
  }
}

/** The policy written in `text`; refused with a code of its own for each rule it breaks. */
export function parsePolicy(text: string): Policy {
  const reader = new PolicyReader(text);
  const root = reader.node(1);
  if (!reader.done) malformed();
  const policy = { text, root, leaves: reader.leaves };
  if (policy.leaves.length > MAX_LEAVES) refuse("bidding.policy_leaves");
  if (new Set(labels(policy)).size < policy.leaves.length) refuse("bidding.policy_twice");
  for (const body of new Set(policy.leaves.map((leaf) => leaf.label[0]))) {
    const alone = policy.leaves.filter((leaf) => leaf.label[0] === body || leaf.label === BIDDER);
    if (satisfied(root, new Set(alone.map((leaf) => leaf.index)))) refuse("bidding.policy_one_body");
  }
  return policy;
}

export function labels(policy: Policy): string[] {
  return policy.leaves.map((leaf) => leaf.label);
}

export function asksBidder(policy: Policy): boolean {
  return labels(policy).includes(BIDDER);
}

/** Whether the leaves with these indices may open together. */
export function satisfied(node: Node | Leaf, held: ReadonlySet<number>): boolean {
  if (isLeaf(node)) return held.has(node.index);
  return node.children.filter((child) => satisfied(child, held)).length >= node.k;
}

function* choices<T>(items: readonly T[], k: number): Generator<T[]> {
  if (k === 0) yield [];
  for (const [at, item] of k > 0 ? items.entries() : []) {
    for (const rest of choices(items.slice(at + 1), k - 1)) yield [item, ...rest];
  }
}

function sets(node: Node | Leaf): number[][] {
  if (isLeaf(node)) return [[node.index]];
  const together = (ways: number[][][]): number[][] =>
    ways.reduce<number[][]>((met, way) => met.flatMap((left) => way.map((right) => [...left, ...right])), [[]]);
  return [...choices(node.children.map(sets), node.k)].flatMap(together);
}

/** Every satisfying set from which nobody can be missing, in the order of their leaves. */
export function smallest(policy: Policy): number[][] {
  const found = sets(policy.root).map((one) => one.sort((left, right) => left - right));
  const order = (left: number[], right: number[]): number => {
    const at = left.findIndex((index, place) => index !== right[place]);
    return at < 0 ? left.length - right.length : (left[at] as number) - (right[at] ?? -1);
  };
  return found.sort(order);
}

const NAMES: Record<string, string> = { a: "the agent", c: "the centre", r: "the regulator", b: "the bidder" };
export type Say = (english: string, facts: Record<string, string>) => string;

/** English as it stands, the facts filled in. */
export const english: Say = (sentence, facts) => sentence.replace(/%\((\w+)\)s/g, (_all, name: string) => facts[name] ?? "");

/** A sentence that says who may open; `say` puts each piece into the reader's language. */
export function inWords(policy: Policy, say: Say = english): string {
  return say("%(who)s can open the bids together.", { who: nodeWords(policy.root, say) });
}

function nodeWords(node: Node, say: Say): string {
  const parts = node.children.map((child) => childWords(child, say)).join(say(", ", {}));
  if (node.k === node.children.length) return say("all of %(parts)s", { parts });
  return say("any %(count)s of %(parts)s", { count: String(node.k), parts });
}

function childWords(child: Node | Leaf, say: Say): string {
  if (!isLeaf(child)) return say("(%(words)s)", { words: nodeWords(child, say) });
  const letter = child.label.charAt(0);
  const body = NAMES[letter] === undefined ? say("body %(letter)s", { letter }) : say(NAMES[letter], {});
  if (child.label === letter) return body;
  return say("%(body)s (person %(number)s)", { body, number: child.label.slice(1) });
}
