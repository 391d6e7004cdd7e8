/** CRC-32 as ZIP uses it, eight bytes a step, in signed 32-bit numbers, which engines keep in registers.
 *
 * Enters: bytes and the state so far. Leaves: the state; `crcDone` ends it.
 */

export const CRC_START = -1;
const POLYNOMIAL = 0xedb88320;
const TABLES = makeTables();

function makeTables(): Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    first[byte] = value;
  }
  const tables = [first];
  while (tables.length < 8) {
    const last = tables[tables.length - 1] as Int32Array;
    tables.push(last.map((value) => (value >>> 8) ^ (first[value & 0xff] as number)));
  }
  return tables;
}

export function crcOf(data: Uint8Array, state: number): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as [
    Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array,
  ];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let crc = state;
  let at = 0;
  for (const whole = data.length - (data.length % 8); at < whole; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      t7[low & 0xff]! ^ t6[(low >>> 8) & 0xff]! ^ t5[(low >>> 16) & 0xff]! ^ t4[low >>> 24]! ^
      t3[high & 0xff]! ^ t2[(high >>> 8) & 0xff]! ^ t1[(high >>> 16) & 0xff]! ^ t0[high >>> 24]!;
  }
  for (; at < data.length; at += 1) crc = (crc >>> 8) ^ t0[(crc ^ data[at]!) & 0xff]!;
  return crc;
}

export function crcDone(state: number): number {
  return (state ^ 0xffffffff) >>> 0;
}
