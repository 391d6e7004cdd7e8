/** JSON read strictly: no key twice, whole numbers only, nothing after the end.
 *
 * Enters: text. Leaves: objects as Maps, arrays, strings, booleans, null, integers as BigInt; `BadJson` otherwise.
 */

export class BadJson extends Error {
  override readonly name = "BadJson";
}

export type Json = string | bigint | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;

const MAX_DEPTH = 64;
const TOKEN = /[ \t\n\r]*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?![0-9.eE]))|(true|false|null))/y;
const WORDS: Record<string, boolean | null> = { true: true, false: false, null: null };

class JsonReader {
  private at = 0;
  constructor(private readonly text: string) {}

  private token(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) throw new BadJson("no JSON");
    this.at = TOKEN.lastIndex;
    return found;
  }
  private peek(): string | undefined {
    const before = this.at;
    const mark = this.token()[1];
    this.at = before;
    return mark;
  }
  private expect(...marks: string[]): string {
    const mark = this.token()[1];
    if (mark === undefined || !marks.includes(mark)) throw new BadJson("another mark");
    return mark;
  }
  value(depth: number): Json {
    const [, mark, text, number, word] = this.token();
    if (text !== undefined) return JSON.parse(text) as string;
    if (number !== undefined) return BigInt(number);
    if (word !== undefined) return WORDS[word] as boolean | null;
    if (depth > MAX_DEPTH) throw new BadJson("too deep");
    if (mark === "[") return this.items(depth);
    if (mark === "{") return this.pairs(depth);
    throw new BadJson("no value");
  }
  private items(depth: number): Json[] {
    const items: Json[] = [];
    if (this.peek() === "]") return this.expect("]"), items;
    do items.push(this.value(depth + 1));
    while (this.expect(",", "]") === ",");
    return items;
  }
  private pairs(depth: number): Map<string, Json> {
    const pairs = new Map<string, Json>();
    if (this.peek() === "}") return this.expect("}"), pairs;
    do {
      const key = this.token()[2];
      if (key === undefined) throw new BadJson("a key is text");
      const name = JSON.parse(key) as string;
      if (pairs.has(name)) throw new BadJson("a key stands twice");
      this.expect(":");
      pairs.set(name, this.value(depth + 1));
    } while (this.expect(",", "}") === ",");
    return pairs;
  }
  end(): void {
    if (this.text.slice(this.at).trim() !== "") throw new BadJson("something after the end");
  }
}

export function parseStrictly(text: string): Json {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}
