/** What a custodian signs beside the sheets: the own key, and what is given for a lot (twins of key_statement.py and
 * statement.py). Enters: values. Leaves: canonical bytes for one detached CMS signature. No share is in them. */
import type { Bytes } from "../seal/bytes.ts";
import { bytes, list, optional, record, text, uint } from "../seal/canon.ts";
import { checkPoint } from "../seal/points.ts";

interface CustodianKey {
  readonly tender: string;
  readonly round: bigint;
  readonly label: string;
  readonly holder: string;
  readonly key: Bytes;
}

const keyCodec = record<CustodianKey>("sunlight.key/1", { tender: text, round: uint, label: text, holder: text, key: bytes });

/** The bytes to sign when a key is registered; refused when it is no proper point. */
export function keyRecord(facts: CustodianKey): Bytes {
  checkPoint(facts.key);
  return keyCodec.write(facts);
}

/** One envelope: receipt number, SHA-256 of its header, the share's commitment or null: does not open. */
export interface Piece {
  readonly receipt: string;
  readonly header: Bytes;
  readonly commitment: Bytes | null;
}

interface Statement {
  readonly lot: string;
  readonly round: bigint;
  readonly sheet: Bytes;
  readonly leaf: string;
  readonly pieces: readonly Piece[];
}

const pieceCodec = record<Piece>("sunlight.piece/1", { receipt: text, header: bytes, commitment: optional(bytes) });
const statementCodec = record<Statement>("sunlight.release/1", {
  lot: text,
  round: uint,
  sheet: bytes,
  leaf: text,
  pieces: list(pieceCodec),
});

export function makeStatement(facts: Statement): Bytes {
  return statementCodec.write(facts);
}
