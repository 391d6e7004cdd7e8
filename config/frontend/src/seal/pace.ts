/** The finish line of an upload: how fast, how much longer, and whether that is before the deadline.
 *
 * Enters: moments (ms of any steady clock) with the bytes sent until then. Leaves: speed and time left, over the last
 * ten seconds, so that a slow start is forgotten.
 */

const WINDOW = 10_000;

interface Mark {
  readonly at: number;
  readonly bytes: number;
}

export interface Pace {
  /** Bytes a second. */
  readonly speed: number;
  /** Milliseconds. */
  readonly left: number;
}

export class Pacer {
  private marks: Mark[] = [];
  constructor(private readonly total: number) {}

  mark(at: number, bytes: number): void {
    const last = this.marks[this.marks.length - 1];
    if (last !== undefined && bytes < last.bytes) this.marks = []; // taken up again further back
    this.marks = [...this.marks.filter((mark) => mark.at >= at - WINDOW), { at, bytes }];
  }

  /** Null while nothing can be said yet. */
  pace(): Pace | null {
    const [first, last] = [this.marks[0], this.marks[this.marks.length - 1]];
    if (first === undefined || last === undefined || last.at - first.at < 250 || last.bytes <= first.bytes) return null;
    const speed = ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
    return { speed, left: ((this.total - last.bytes) / speed) * 1000 };
  }
}

/** Milliseconds between the expected end and the deadline: positive when there is time to spare. */
export function spare(pace: Pace, now: number, deadline: number): number {
  return deadline - (now + pace.left);
}
