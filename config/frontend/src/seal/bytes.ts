/** Byte strings: join, compare, and write as hex or base64. Nothing here is lenient: what is not canonical is null. */

/** Bytes in memory of their own: what WebCrypto and Blobs take. */
export type Bytes = Uint8Array<ArrayBuffer>;

const UTF8 = new TextEncoder();

export function utf8(text: string): Bytes {
  return UTF8.encode(text) as Bytes;
}

export function join(...pieces: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Whether both are the same. Takes the same time wherever they differ. */
export function same(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (const [at, byte] of left.entries()) difference |= byte ^ (right[at] as number);
  return difference === 0;
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new RangeError("not hexadecimal");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function base64(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return btoa(text);
}

/** The bytes of padded base64, null when the text is not exactly what `base64` writes. */
export function unbase64(text: string): Bytes | null {
  const data = looseBase64(text);
  return data !== null && base64(data) === text ? data : null;
}

/** The same whatever stands in the spare bits of the last letter, as readers of signed notes take it. */
export function looseBase64(text: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
