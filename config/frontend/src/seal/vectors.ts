/** For the tests alone: the vectors that the Python and TypeScript twins share, and refusals by their code. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Refused } from "./refused.ts";

/** The content of tests/vectors/NAME.json; the tests run in config/frontend. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(`${process.cwd()}/../../tests/vectors/${name}.json`, "utf8")) as T;
}

/** The codes with which `act` refuses. */
export async function codesOf(act: () => unknown): Promise<string[]> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Refused) return error.codes;
    throw error;
  }
  return assert.fail("not refused");
}
