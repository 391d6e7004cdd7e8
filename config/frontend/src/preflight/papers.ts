/** Rule: every paper that the lot asks for is among the files (twin of bidding/preflight/papers.py). */
import { type Finding, type Offered, type Rules, finding, means } from "./finding.ts";

export function checkPapers(offered: Offered, rules: Rules): Finding[] {
  const missing = rules.papers.filter((paper) => paper.required && !offered.files.some((file) => means(paper, file.name)));
  return missing.map((paper) => finding("bidding.paper_missing", "", { paper: paper.name, stem: `${paper.stems[0]} / ${paper.stems.at(-1)}` }));
}
