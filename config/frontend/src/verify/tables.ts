/** The holiday tables that this program was built with. */
import y2025 from "../../../../trading/data/holidays-2025.csv";
import y2026 from "../../../../trading/data/holidays-2026.csv";

export const TABLES: readonly string[] = [y2025, y2026];
