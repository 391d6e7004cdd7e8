/** What the page /verify and its worker say to each other: one bundle and what is trusted, then verdicts as they come. */
import type { Result } from "./findings.ts";
import type { Head } from "./verifying.ts";

export interface Asked {
  readonly bundle: Blob;
  readonly logKey: string;
  readonly roots: string;
}

export type Answer =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "going"; readonly number: number }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly code: string };
