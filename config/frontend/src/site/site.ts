/** What every page runs. Each behaviour is a module of its own and does nothing where its elements are missing. */
import { startBigType } from "./bigtype.ts";
import { clockAt } from "./clock.ts";
import { startCopying } from "./copy.ts";
import { keepTime } from "./countdown.ts";
import { startErrors } from "./errors.ts";
import { startLive } from "./live.ts";
import { startReplay } from "./replay.ts";
import { startRows } from "./rows.ts";
import { startSeeds } from "./seed.ts";
import { startSorting } from "./sort.ts";

const { timeUrl, timeEvery } = document.documentElement.dataset;
if (timeUrl) keepTime(document, clockAt(timeUrl), Number(timeEvery ?? 30) * 1000);

startBigType();
startCopying();
startErrors();
startLive();
startReplay();
startRows();
startSeeds();
startSorting();
