/** The large-type switch. A cookie keeps it, so the server draws the next page large from the first byte. */

const COOKIE = "sunlight_type";

/** The cookie line that remembers the choice for a year, or forgets it. */
export function remembered(big: boolean, secure: boolean): string {
  const age = big ? 31_536_000 : 0;
  return `${COOKIE}=${big ? "big" : ""}; path=/; max-age=${age}; samesite=lax${secure ? "; secure" : ""}`;
}

function show(big: boolean): void {
  if (big) document.documentElement.dataset["type"] = "big";
  else delete document.documentElement.dataset["type"];
  for (const button of document.querySelectorAll("[data-big-type]")) button.setAttribute("aria-pressed", String(big));
}

export function startBigType(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-big-type]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const big = document.documentElement.dataset["type"] !== "big";
      document.cookie = remembered(big, location.protocol === "https:");
      show(big);
    });
  }
}
