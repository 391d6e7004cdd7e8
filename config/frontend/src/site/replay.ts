/** The replay of a hall: the slider shows a step at once, and a button plays them one after the other.
 *
 * Without this script the page is whole: links lead back and on, and the slider has a button of its own. Each step is
 * the page that the server makes of the log; nothing is worked out here.
 */

const PAUSE = 1_500;

/** The step after `step`, or null at the end. */
export function next(step: number, count: number): number | null {
  return Number.isSafeInteger(step) && step >= 1 && step < count ? step + 1 : null;
}

/** The address of a step: the page's own path, and nothing else of it. */
export function addressOf(path: string, step: number): string {
  return `${path}?step=${step}`;
}

async function show(step: number): Promise<void> {
  const address = addressOf(location.pathname, step);
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the replay answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["[data-replay]", "[data-replay-board]"]) {
    const fresh = page.querySelector(part);
    const shown = document.querySelector(part);
    if (fresh === null || shown === null) throw new Error("the replay's page has another form");
    shown.replaceWith(fresh);
  }
  history.replaceState(null, "", address);
}

export function startReplay(): void {
  let playing = false;

  const box = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-replay]");

  const dress = (): void => {
    const here = box();
    const button = here?.querySelector<HTMLButtonElement>("[data-replay-play]");
    if (!here || !button) return;
    button.hidden = false;
    button.textContent = (playing ? here.dataset["stop"] : here.dataset["play"]) ?? "";
    button.setAttribute("aria-pressed", String(playing));
  };

  const go = async (step: number): Promise<void> => {
    const focused = document.activeElement?.hasAttribute("data-replay-play") ?? false;
    await show(step);
    dress();
    if (focused) box()?.querySelector<HTMLElement>("[data-replay-play]")?.focus();
  };

  const play = async (): Promise<void> => {
    while (playing) {
      const here = box();
      const step = next(Number(here?.dataset["step"]), Number(here?.dataset["count"]));
      if (step === null) playing = false;
      else await go(step);
      if (playing) await new Promise((done) => setTimeout(done, PAUSE));
    }
    dress();
  };

  const toggle = (): void => {
    playing = !playing;
    const here = box();
    const atEnd = next(Number(here?.dataset["step"]), Number(here?.dataset["count"])) === null;
    if (playing && atEnd) void go(1).then(play, () => (playing = false));
    else if (playing) void play().catch(() => (playing = false));
    else dress();
  };

  if (box() === null) return;
  // On the document, for the parts themselves are replaced with every step.
  document.addEventListener("click", (event) => {
    if ((event.target as Element | null)?.closest("[data-replay-play]")) toggle();
  });
  document.addEventListener("change", (event) => {
    const slider = event.target as HTMLInputElement;
    if (slider.type !== "range" || !slider.closest("[data-replay]")) return;
    playing = false;
    void go(Number(slider.value));
  });
  dress();
}
