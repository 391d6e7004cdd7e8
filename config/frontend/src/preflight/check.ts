/** The whole check of a package before it is sealed (twin of bidding/preflight/check.py).
 *
 * Enters: what is offered, the lot's rules. Leaves: findings, those of the whole package first, then file by file.
 */
import { PRICE } from "../seal/manifest.ts";
import type { Archive } from "./archive.ts";
import { checkBlind, ownWords } from "./blind.ts";
import { type Figure, figure } from "./figures.ts";
import { type Finding, type Offered, type Paper, type Rules, means } from "./finding.ts";
import { checkNames } from "./names.ts";
import { NO_LIST, type OpeningList, checkOpeningList, readOpeningList } from "./opening_list.ts";
import { checkPapers } from "./papers.ts";
import { checkSchedule } from "./schedule.ts";
import { checkWhole, fault } from "./whole.ts";
import { sheets } from "./workbook.ts";

const SCHEDULE = "price_schedule";
const OPENING_LIST = "opening_list";

interface DeskRules {
  readonly papers?: readonly Paper[];
  readonly name: string;
  readonly credit_code: string;
}

export function rulesOf(desk: DeskRules): Rules {
  return { papers: desk.papers ?? [], names: ownWords(desk.name, desk.credit_code) };
}

function endingOf(name: string): string {
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
}

/** `watch` hears the name of each file before it is read. */
export async function checkPackage(offered: Offered, rules: Rules, watch: (name: string) => void = () => {}): Promise<Finding[]> {
  const found = [...checkNames(offered.files), ...checkPapers(offered, rules)];
  const price = PRICE.test(offered.price) ? figure(offered.price) : null;
  for (const file of offered.files) {
    watch(file.name);
    found.push(...(await checkFile(file, offered, rules, price)));
  }
  return found;
}

async function checkFile(file: File, offered: Offered, rules: Rules, price: Figure | null): Promise<Finding[]> {
  const papers = rules.papers.filter((paper) => means(paper, file.name));
  const { found, archive } = await checkWhole(file, endingOf(file.name));
  const blind = papers.some((paper) => paper.blind) ? await checkBlind(file, archive, rules.names) : [];
  if (archive === null || endingOf(file.name) !== "xlsx") return [...found, ...blind];
  const codes = papers.map((paper) => paper.code);
  return [...found, ...blind, ...(await checkTables(file.name, archive, codes, price, offered.days).catch((error: unknown) => [fault(error, file.name)]))];
}

async function checkTables(name: string, archive: Archive, papers: readonly string[], price: Figure | null, days: string): Promise<Finding[]> {
  if (papers.includes(SCHEDULE)) return checkSchedule(name, await sheets(archive), price);
  if (papers.includes(OPENING_LIST)) return checkOpeningList(name, readOpeningList(await sheets(archive)), price, days);
  return [];
}

/** What the opening list among the files says; an empty one when there is none that can be read. */
export async function openingListIn(files: readonly File[], rules: Rules): Promise<OpeningList> {
  for (const paper of rules.papers.filter((one) => one.code === OPENING_LIST)) {
    for (const file of files.filter((one) => means(paper, one.name))) {
      const { found, archive } = await checkWhole(file, endingOf(file.name));
      if (archive !== null && found.length === 0) return readOpeningList(await sheets(archive));
    }
  }
  return NO_LIST;
}
