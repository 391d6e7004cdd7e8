/** CRC-32 as ZIP uses it, sixteen bytes a step, in signed 32-bit numbers, which engines keep in registers.
 *
 * Enters: bytes and the state so far. Leaves: the state; `crcDone` ends it.
 */

export const CRC_START = -1;
const POLYNOMIAL = 0xedb88320;
const STEP = 16;
const TABLE = makeTable();
const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Table after table of 256: the one with number n says what a byte does after n more bytes of zero. */
function makeTable(): Int32Array {
  const table = new Int32Array(256 * STEP);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    table[byte] = value;
  }
  for (let at = 256; at < table.length; at += 1) {
    const last = table[at - 256]!;
    table[at] = (last >>> 8) ^ table[last & 0xff]!;
  }
  return table;
}

function byByte(data: Uint8Array, state: number): number {
  let crc = state;
  for (let at = 0; at < data.length; at += 1) crc = (crc >>> 8) ^ TABLE[(crc ^ data[at]!) & 0xff]!;
  return crc;
}

/** The state after words in the byte order of the file; their number is a multiple of four. */
function byWords(words: Int32Array, state: number): number {
  const t = TABLE;
  let crc = state;
  for (let at = 0; at < words.length; at += 4) {
    const a = words[at]! ^ crc;
    const b = words[at + 1]!;
    const c = words[at + 2]!;
    const d = words[at + 3]!;
    crc =
      t[3840 + (a & 0xff)]! ^ t[3584 + ((a >>> 8) & 0xff)]! ^ t[3328 + ((a >>> 16) & 0xff)]! ^ t[3072 + (a >>> 24)]! ^
      t[2816 + (b & 0xff)]! ^ t[2560 + ((b >>> 8) & 0xff)]! ^ t[2304 + ((b >>> 16) & 0xff)]! ^ t[2048 + (b >>> 24)]! ^
      t[1792 + (c & 0xff)]! ^ t[1536 + ((c >>> 8) & 0xff)]! ^ t[1280 + ((c >>> 16) & 0xff)]! ^ t[1024 + (c >>> 24)]! ^
      t[768 + (d & 0xff)]! ^ t[512 + ((d >>> 8) & 0xff)]! ^ t[256 + ((d >>> 16) & 0xff)]! ^ t[d >>> 24]!;
  }
  return crc;
}

export function crcOf(data: Uint8Array, state: number): number {
  if (!LITTLE_ENDIAN) return byByte(data, state);
  const start = Math.min(data.length, -data.byteOffset & 3);
  const steps = Math.floor((data.length - start) / STEP);
  const words = steps === 0 ? new Int32Array() : new Int32Array(data.buffer, data.byteOffset + start, steps * 4);
  const before = byWords(words, byByte(data.subarray(0, start), state));
  return byByte(data.subarray(start + steps * STEP), before);
}

export function crcDone(state: number): number {
  return (state ^ 0xffffffff) >>> 0;
}
