"""The holiday tables that ship with the site. Enters: `trading/data/holidays-YYYY.csv`. Leaves: one `HolidayTable`."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from trading.holidays import HolidayTable, joined, read_year

FILE = re.compile(r"holidays-([0-9]{4})\.csv")


@cache
def shipped() -> HolidayTable:
    """Every year in the data folder. A year that is not there stays unknown and refuses."""
    named = [(FILE.fullmatch(file.name), file) for file in resources.files("trading").joinpath("data").iterdir()]
    tables = [read_year(int(match[1]), file.read_text("utf-8").splitlines()) for match, file in named if match]
    return joined(*tables)
