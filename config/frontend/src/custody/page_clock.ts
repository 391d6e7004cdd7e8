/** The custodian's own clock; in the demo the demo's, which stands in another year. */
import { clockAt } from "../site/clock.ts";

export class PageClock {
  private readonly site = clockAt(document.documentElement.dataset["timeUrl"] ?? "/clock");

  constructor(private readonly believesSite: boolean) {}

  async start(): Promise<void> {
    if (this.believesSite) await this.site.measure(3);
  }

  now(): Date {
    return new Date((this.believesSite ? this.site.now() : null) ?? Date.now());
  }
}
