/** Copy buttons: `<button data-copy="text" data-copied="Copied" hidden>`. Shown only where the browser can copy. */

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = button.dataset["copy"] ?? "";
  const label = button.querySelector<HTMLElement>("[data-copy-label]") ?? button;
  const before = label.textContent;
  await navigator.clipboard.writeText(text);
  label.textContent = button.dataset["copied"] ?? "";
  setTimeout(() => {
    label.textContent = before;
  }, 2000);
}

function ready(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy][hidden]")) button.hidden = false;
}

export function startCopying(): void {
  // The clipboard exists only on https or loopback.
  if (!("clipboard" in navigator) || navigator.clipboard === undefined) return;
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target as ParentNode));
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-copy]");
    if (button !== null) void copy(button);
  });
}
