/** The server's time in the page, with a bound on how wrong it can be.
 *
 * Enters: the moments a question was sent and its answer came (this page's monotonic clock, ms) and the server's
 * reading in between (ms since 1970). Leaves: offset and error such that the server's time now is
 * `monotonic + offset`, give or take `error`. No assumption is made about which way took longer.
 */

export interface Sample {
  readonly sent: number;
  readonly got: number;
  readonly server: number;
}

export interface Reading {
  readonly offset: number;
  readonly error: number;
}

/** The server gives whole milliseconds, so each reading may be up to this much late. */
const RESOLUTION = 1;

function bounds(sample: Sample): [number, number] {
  return [sample.server - sample.got, sample.server + RESOLUTION - sample.sent];
}

/** What all samples agree on. When they do not (the clock was moved, the machine slept), only the newest counts. */
export function agree(samples: readonly Sample[]): Reading {
  const newest = samples[samples.length - 1];
  if (newest === undefined) throw new RangeError("no sample to read a clock from");
  const all = samples.map(bounds);
  let low = Math.max(...all.map((pair) => pair[0]));
  let high = Math.min(...all.map((pair) => pair[1]));
  if (low > high) [low, high] = bounds(newest);
  return { offset: (low + high) / 2, error: (high - low) / 2 };
}

/** Reads `{"now": ...}` where now is milliseconds since 1970 or an ISO instant with its zone. */
export function serverInstant(answer: unknown): number {
  if (typeof answer !== "object" || answer === null || !("now" in answer)) throw new TypeError("no time in the answer");
  const now = answer.now;
  const instant = typeof now === "string" ? Date.parse(now) : now;
  if (typeof instant !== "number" || !Number.isFinite(instant)) throw new TypeError("no time in the answer");
  return instant;
}

const KEPT = 8;

export class ServerClock {
  private samples: Sample[] = [];
  private reading: Reading | null = null;

  constructor(
    private readonly ask: () => Promise<unknown>,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** Ask `times` times, one after another, and keep what the answers agree on. */
  async measure(times: number): Promise<Reading> {
    for (let round = 0; round < times; round += 1) {
      const sent = this.monotonic();
      const server = serverInstant(await this.ask());
      this.take({ sent, got: this.monotonic(), server });
    }
    if (this.reading === null) throw new RangeError("no sample to read a clock from");
    return this.reading;
  }

  private take(sample: Sample): void {
    const [low, high] = bounds(sample);
    const before = this.reading;
    const moved = before !== null && (low > before.offset + before.error || high < before.offset - before.error);
    this.samples = moved ? [sample] : [...this.samples, sample].slice(-KEPT);
    this.reading = agree(this.samples);
  }

  /** Milliseconds since 1970 as the server would say it, or null before the first answer. */
  now(): number | null {
    return this.reading === null ? null : this.monotonic() + this.reading.offset;
  }

  get error(): number | null {
    return this.reading?.error ?? null;
  }
}

export function clockAt(url: string): ServerClock {
  return new ServerClock(async () => {
    const answer = await fetch(url, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(`the clock answered ${answer.status}`);
    return answer.json();
  });
}
