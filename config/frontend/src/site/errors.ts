/** After a refused form: the keyboard goes to the summary, and each of its links to the field it speaks of. */

export function startErrors(): void {
  const focus = (root: ParentNode): void => root.querySelector<HTMLElement>("[data-error-summary]")?.focus();
  focus(document);
  document.addEventListener("htmx:load", (event) => focus(event.target as ParentNode));
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-error-summary] a[href^='#']");
    const field = link === null ? null : document.getElementById(link.hash.slice(1));
    if (field === null) return;
    event.preventDefault();
    (field.closest<HTMLElement>(".field") ?? field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}
