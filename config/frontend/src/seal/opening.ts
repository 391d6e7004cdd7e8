/** The stanza `sunlight.opening/1`: a file key shared out under a policy (twin of bidding/envelope/stanza.py).
 *
 * Enters: file key, salt, custody sheet digest, policy, one public key a leaf. Leaves: the one stanza that follows from
 * them; the file key again from a satisfying set of shares. Nothing here is random. Names are those of sealing.md.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, join, same, utf8 } from "./bytes.ts";
import { type Stanza, decode64, derive, encode64 } from "./header.ts";
import { checkPoint, publicKey, sharedSecret } from "./points.ts";
import { type Leaf, type Node, type Policy, isLeaf, parsePolicy } from "./policy.ts";
import { refuse } from "./refused.ts";
import * as shamir from "./shamir.ts";

export const KIND = "sunlight.opening/1";
const FILE_KEY = 16;
const WRAPPED = FILE_KEY + 16;
const PART = WRAPPED + 32;
const NO_NONCE = new Uint8Array(12);

/** A stanza taken apart: arguments as bytes, one body part of 64 bytes a leaf. */
export interface Opening {
  readonly policy: Policy;
  readonly sheet: Bytes;
  readonly salt: Bytes;
  readonly share: Bytes;
  readonly parts: readonly Bytes[];
}

/** T(w): what keeps one use of a hash apart from every other. */
function term(word: string): Bytes {
  return utf8(`${KIND} ${word}\0`);
}

function digest(...pieces: readonly Uint8Array[]): Bytes {
  return sha256(join(...pieces)) as Bytes;
}

/** X: lot, round and keys (by the sheet), file (by the salt) and policy, in 32 bytes. */
export function context(sheet: Uint8Array, salt: Uint8Array, policy: Policy): Bytes {
  return digest(term("context"), sheet, salt, utf8(policy.text));
}

/** e: the private key behind the share E. */
export function ephemeralKey(fileKey: Uint8Array, salt: Uint8Array, x: Uint8Array): Bytes {
  return derive(fileKey, salt, join(term("ephemeral"), x));
}

/** Y_i from left to right. */
export function leafShares(fileKey: Bytes, salt: Uint8Array, x: Uint8Array, policy: Policy): Bytes[] {
  const below = (node: Node | Leaf, secret: Bytes): Bytes[] => {
    if (isLeaf(node)) return [secret];
    const info = (power: number): Bytes => join(term("coefficient"), x, Uint8Array.of(node.number, power));
    const coefficients = Array.from({ length: node.k - 1 }, (_none, at) => derive(fileKey, salt, info(at + 1), FILE_KEY));
    return node.children.flatMap((child, at) => below(child, shamir.share(secret, coefficients, at + 1)));
  };
  return below(policy.root, fileKey);
}

/** The opening of `fileKey` (16 bytes) under `salt` (16), sheet digest (32), policy and one key (32) a leaf. */
export function build(fileKey: Bytes, salt: Bytes, sheet: Bytes, policy: Policy, keys: readonly Bytes[]): Opening {
  if (fileKey.length !== FILE_KEY || salt.length !== 16 || sheet.length !== 32 || keys.length !== policy.leaves.length) {
    throw new RangeError("file key 16, salt 16, sheet digest 32 bytes, and one key for each leaf");
  }
  const x = context(sheet, salt, policy);
  const secret = ephemeralKey(fileKey, salt, x);
  const share = publicKey(secret);
  const parts = leafShares(fileKey, salt, x, policy).map((piece, index) => {
    const key = keys[index] as Bytes;
    const wrapped = leafCipher(sharedSecret(secret, key), share, key, x, index).encrypt(piece);
    return join(wrapped, commitment(x, share, index, piece));
  });
  return { policy, sheet, salt, share, parts };
}

function leafCipher(secret: Uint8Array, share: Uint8Array, key: Uint8Array, x: Uint8Array, index: number) {
  const info = join(term("leaf"), x, Uint8Array.of(index));
  return chacha20poly1305(derive(secret, join(share, key), info), NO_NONCE);
}

/** What stands in the stanza so that a posted share can be told from a wrong one. */
export function commitment(x: Uint8Array, share: Uint8Array, index: number, piece: Uint8Array): Bytes {
  return digest(term("share"), x, share, Uint8Array.of(index), piece);
}

/** As it stands in a header. */
export function stanzaOf(opening: Opening): Stanza {
  const args = [opening.policy.text, ...[opening.sheet, opening.salt, opening.share].map(encode64)];
  return { kind: KIND, args, body: join(...opening.parts) };
}

/** The submission id: the salt in lower-case hex. */
export function submissionOf(opening: Opening): string {
  return hex(opening.salt);
}

/** `stanza` taken apart, every encoding and point checked. */
export function readOpening(stanza: Stanza): Opening {
  if (stanza.kind !== KIND) refuse("bidding.no_opening");
  if (stanza.args.length !== 4) refuse("bidding.opening_arguments");
  const policy = parsePolicy(stanza.args[0] as string);
  const [sheet, salt, share] = stanza.args.slice(1).map(decode64) as [Bytes, Bytes, Bytes];
  if (sheet.length !== 32 || salt.length !== 16) refuse("bidding.opening_arguments");
  if (stanza.body.length !== PART * policy.leaves.length) refuse("bidding.opening_body");
  const parts = policy.leaves.map((leaf) => stanza.body.slice(leaf.index * PART, (leaf.index + 1) * PART));
  return { policy, sheet, salt, share: checkPoint(share), parts };
}

/** The share (16 bytes) in leaf `index` for the holder of `secret`; refused: "does not open". */
export function unwrap(opening: Opening, index: number, secret: Uint8Array): Bytes {
  const x = context(opening.sheet, opening.salt, opening.policy);
  const shared = sharedSecret(secret, opening.share);
  const part = opening.parts[index] as Bytes;
  let piece: Bytes;
  try {
    const cipher = leafCipher(shared, opening.share, publicKey(secret), x, index);
    piece = cipher.decrypt(part.subarray(0, WRAPPED)) as Bytes;
  } catch {
    return refuse("bidding.leaf_closed");
  }
  checkShare(opening, index, piece);
  return piece;
}

/** Refused unless `piece` is the share to which leaf `index` is committed. */
export function checkShare(opening: Opening, index: number, piece: Uint8Array): void {
  const x = context(opening.sheet, opening.salt, opening.policy);
  const committed = (opening.parts[index] as Bytes).subarray(WRAPPED);
  if (piece.length !== FILE_KEY || !same(commitment(x, opening.share, index, piece), committed)) {
    refuse("bidding.share_mismatch");
  }
}

/** The file key out of shares (leaf index: 16 bytes), by the lowest satisfying set; refused when too few. */
export function combine(policy: Policy, shares: ReadonlyMap<number, Uint8Array>): Bytes {
  const value = (node: Node | Leaf): Uint8Array | null => {
    if (isLeaf(node)) return shares.get(node.index) ?? null;
    const met = new Map<number, Uint8Array>();
    for (const [at, child] of node.children.entries()) {
      const piece = met.size < node.k ? value(child) : null;
      if (piece !== null) met.set(at + 1, piece);
    }
    return met.size < node.k ? null : shamir.combine(met);
  };
  const fileKey = value(policy.root);
  return fileKey === null ? refuse("bidding.too_few") : (fileKey as Bytes);
}
