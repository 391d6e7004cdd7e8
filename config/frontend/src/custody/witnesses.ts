/** Who must have cosigned the log's checkpoint: the policy of C2SP tlog-policy, and cosignatures of tlog-cosignature
 * (twins of ledger/witness/policy.py and ledger/witness/cosignature.py).
 *
 * Enters: the text of a policy, a signed note. Leaves: whether the quorum cosigned the note at or after an instant.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, join, same, unbase64, utf8 } from "../seal/bytes.ts";
import { refuse } from "../seal/refused.ts";
import { DASH } from "./log.ts";

const LOG = 0x01;
const COSIGNATURE = 0x04;
const LATEST = 2n ** 63n - 1n; // seconds
const NOBODY = "none";
const SPACE = /[\s\u0085]/u;
const CONTROL = /[\u0000-\u001f]/u;

interface Witness {
  readonly name: string;
  readonly key: Bytes;
  readonly id: Bytes;
}

interface Group {
  readonly least: number;
  readonly members: readonly string[];
}

/** Logs and witnesses by their names in the policy, groups, and which of them is the quorum. */
export interface WitnessPolicy {
  readonly witnesses: ReadonlyMap<string, Witness>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly quorum: string;
}

const wrong = (): never => refuse("bidding.witness_policy");

function keyId(name: string, kind: number, key: Uint8Array): Bytes {
  return sha256(join(utf8(`${name}\n`), Uint8Array.of(kind), key)).slice(0, 4) as Bytes;
}

/** Name, id and 32 bytes of a `name+hash+base64` of this kind; refused when the parts do not fit together. */
function keyIn(text: string, kind: number): Witness {
  const [name, mark, ...rest] = text.split("+");
  const raw = unbase64(rest.join("+")); // base64 has plus signs of its own
  if (name === undefined || raw?.length !== 33 || raw[0] !== kind) return wrong();
  const [key, id] = [raw.slice(1) as Bytes, keyId(name, kind, raw.subarray(1))];
  return hex(id) === mark ? { name, key, id } : wrong();
}

class Draft {
  readonly logs = new Map<string, string>();
  readonly witnesses = new Map<string, Witness>();
  readonly groups = new Map<string, Group>();
  readonly taken = new Set<string>();
  quorum: string | null = null;

  line(kind: string, words: readonly string[]): void {
    const [first, second, ...rest] = words;
    if (words.some((word) => CONTROL.test(word)) || first === undefined) return wrong();
    if (kind === "log" && words.length <= 2) return this.log(first);
    if (kind === "quorum" && words.length === 1) return this.decide(first);
    if (kind === "witness" && second !== undefined && rest.length <= 1) return this.witness(first, second);
    if (kind === "group" && second !== undefined) return this.group(first, second, rest);
    return wrong();
  }

  private log(text: string): void {
    const { name, key } = keyIn(text, LOG);
    if ([...this.logs.values()].includes(hex(key))) wrong();
    this.logs.set(name, hex(key));
  }

  private witness(name: string, text: string): void {
    const found = keyIn(text, COSIGNATURE);
    if (found.name === "" || SPACE.test(found.name.replaceAll("\uFEFF", ""))) wrong();
    this.isNew(name);
    if ([...this.witnesses.values()].some((other) => same(other.key, found.key))) wrong();
    this.witnesses.set(name, found);
  }

  private group(name: string, count: string, members: readonly string[]): void {
    this.isNew(name);
    const least = count === "any" ? 1 : count === "all" ? members.length : /^[1-9][0-9]*$/.test(count) ? Number(count) : 0;
    if (least < 1 || least > members.length) wrong();
    for (const member of members) {
      if ((!this.witnesses.has(member) && !this.groups.has(member)) || this.taken.has(member)) wrong();
      this.taken.add(member);
    }
    this.groups.set(name, { least, members });
  }

  private decide(name: string): void {
    if (this.quorum !== null) wrong();
    if (name !== NOBODY && !this.witnesses.has(name) && !this.groups.has(name)) wrong();
    this.quorum = name;
  }

  private isNew(name: string): void {
    if (name === NOBODY || this.witnesses.has(name) || this.groups.has(name)) wrong();
  }
}

/** Whether a chosen file is meant as a policy: it decides on a quorum. */
export function looksLikePolicy(text: string): boolean {
  return /^[ \t]*quorum[ \t]/mu.test(text);
}

/** The policy in `text`; refused `bidding.witness_policy` for anything that tlog-policy does not allow. */
export function readPolicy(text: string): WitnessPolicy {
  const draft = new Draft();
  for (const line of text.split("\n")) {
    const [kind, ...rest] = line.replaceAll("\t", " ").split(" ").filter((word) => word !== "");
    if (kind !== undefined && !kind.startsWith("#")) draft.line(kind, rest);
  }
  const { witnesses, groups, quorum } = draft;
  return quorum === null ? wrong() : { witnesses, groups, quorum };
}

/** Whether the witnesses with these names of the policy make its quorum. */
export function satisfied(policy: WitnessPolicy, cosigned: ReadonlySet<string>): boolean {
  const holds = (name: string): boolean => {
    const group = policy.groups.get(name);
    return group === undefined ? cosigned.has(name) : group.members.filter(holds).length >= group.least;
  };
  return policy.quorum === NOBODY || holds(policy.quorum);
}

/** The names of the policy's witnesses who cosigned the note at or after `since` (microseconds since 1970). */
export function cosigners(note: string, policy: WitnessPolicy, since: bigint): Set<string> {
  const gap = note.indexOf("\n\n");
  const [text, lines] = [note.slice(0, gap + 1), gap < 0 ? [] : note.slice(gap + 2).split("\n")];
  const found = new Set<string>();
  for (const line of lines) {
    for (const [name, witness] of policy.witnesses) {
      const at = cosignedAt(line, text, witness);
      if (at !== null && at * 1_000_000n >= since) found.add(name);
    }
  }
  return found;
}

/** The second at which the witness made this cosignature over `text`; null when it is none of the witness. */
function cosignedAt(line: string, text: string, witness: Witness): bigint | null {
  const start = `${DASH}${witness.name} `;
  const raw = line.startsWith(start) ? unbase64(line.slice(start.length)) : null;
  if (raw?.length !== 76 || !same(raw.subarray(0, 4), witness.id)) return null;
  const at = new DataView(raw.buffer, raw.byteOffset).getBigUint64(4);
  if (at > LATEST) return null;
  try {
    const signed = utf8(`cosignature/v1\ntime ${at}\n${text}`);
    return ed25519.verify(raw.subarray(12), signed, witness.key, { zip215: false }) ? at : null;
  } catch {
    return null; // no point of the curve
  }
}

/** Refused `bidding.closing_unwitnessed` unless the policy's quorum cosigned the note at or after `since`. */
export function checkWitnesses(note: string, policy: WitnessPolicy, since: bigint): void {
  if (!satisfied(policy, cosigners(note, policy, since))) refuse("bidding.closing_unwitnessed");
}
