/** The seed of a body in a draw: chosen and kept in this browser, committed to first and shown when it is time.
 *
 * `<form data-seed="commit|reveal" data-seed-draw="32 hex digits" data-seed-body="agent|supervisor|centre">`. The
 * commitment is SHA-256("sunlight.seed/1" 0x00 || draw || body || seed), as experts/lottery.py has it.
 */

export const SEED_BYTES = 32;

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of small hexadecimal digits, or null when `text` is none. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^([0-9a-f]{2})+$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** What is hashed; null when the draw's number or the seed has the wrong length. */
export function committed(draw: string, body: string, seed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const id = fromHex(draw);
  if (id === null || id.length !== 16 || seed.length !== SEED_BYTES) return null;
  const words = new TextEncoder();
  return Uint8Array.from([...words.encode("sunlight.seed/1"), 0, ...id, ...words.encode(body), ...seed]);
}

function kept(draw: string, body: string): string {
  return `sunlight.seed.${draw}.${body}`;
}

async function fill(form: HTMLFormElement): Promise<void> {
  const { seed: step, seedDraw: draw = "", seedBody: body = "" } = form.dataset;
  const field = form.querySelector<HTMLInputElement>("input[name=commitment], input[name=seed]");
  if (field === null || field.value !== "") return;
  const before = fromHex(localStorage.getItem(kept(draw, body)) ?? "");
  if (step === "reveal") {
    if (before !== null) field.value = toHex(before);
    return;
  }
  const seed = before ?? crypto.getRandomValues(new Uint8Array(SEED_BYTES));
  const input = committed(draw, body, seed);
  if (input === null) return;
  localStorage.setItem(kept(draw, body), toHex(seed));
  field.value = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", input)));
}

export function startSeeds(): void {
  // SubtleCrypto exists only on https or loopback; elsewhere people fill the field themselves.
  if (crypto.subtle === undefined) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-seed]")) void fill(form);
}
