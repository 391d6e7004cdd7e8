/** What the reader trusts beforehand: the log's key, certificate roots, holidays. Never what a bundle says.
 *
 * Enters: the reader's own files. Leaves: `Trust`, which the checks ask who signed what, and which days were worked.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import * as asn1 from "asn1js";
import { logKeyOf } from "../custody/log.ts";
import { type Bytes, hex, join, utf8 } from "../seal/bytes.ts";
import { type Certificate, certificateIn, creditCodeOf, fingerprint, verify } from "../seal/cms.ts";
import { readCertificates } from "../seal/key_file.ts";
import { Broken } from "./findings.ts";
import { type Holidays, readHolidays } from "./holidays.ts";

export interface Signer {
  readonly fingerprint: Bytes;
  readonly creditCode: string;
}

export class Trust {
  private readonly known = new Map<string, Promise<Signer>>();
  private readonly named = new Map<string, Certificate | null>();

  constructor(
    readonly logName: string,
    readonly logKey: Bytes,
    readonly roots: readonly Certificate[],
    readonly holidays: Holidays,
  ) {}

  /** Who signed `data`, by a certificate that a root issued and that was valid at `at` (microseconds). */
  signer(data: Bytes, signature: Bytes, at: bigint): Promise<Signer> {
    const asked = hex(sha256(join(sha256(data), signature, utf8(String(at)))));
    let answer = this.known.get(asked);
    if (answer === undefined) {
      answer = this.ask(data, signature, at);
      this.known.set(asked, answer);
    }
    return answer;
  }

  private async ask(data: Bytes, signature: Bytes, at: bigint): Promise<Signer> {
    const found = await verify(data, signature, this.roots, new Date(Number(at / 1000n)));
    return { fingerprint: fingerprint(found), creditCode: creditCodeOf(found) };
  }

  /** The certificate in a signature, whether or not it holds: its SHA-256 and its end (microseconds); null when this is
   * no signature. */
  namedIn(signature: Bytes): { readonly fingerprint: Bytes; readonly until: bigint } | null {
    if (signature[0] !== 0x30) return null;
    const asked = hex(sha256(signature));
    if (!this.named.has(asked)) this.named.set(asked, certificateOf(signature));
    const found = this.named.get(asked) as Certificate | null;
    return found && { fingerprint: fingerprint(found), until: BigInt(found.notAfter.value.getTime()) * 1000n };
  }
}

function certificateOf(signature: Bytes): Certificate | null {
  try {
    return asn1.fromBER(signature).offset === signature.length ? certificateIn(signature) : null;
  } catch {
    return null; // whatever the parser says: this is no signature
  }
}

/** What the reader's own files say: `log.key` (name+hash+base64), `roots.pem`, holiday tables by year. */
export function trustOf(logKey: string, roots: string, tables: readonly string[]): Trust {
  const key = logKeyOf(logKey);
  if (key === null) throw new Broken("log.key");
  const certificates = readCertificates(roots);
  if (certificates.length === 0) throw new Broken("roots.pem");
  return new Trust(logKey.trim().split("+")[0] as string, key, certificates, readHolidays(tables));
}
