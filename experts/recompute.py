"""Recomputes a draw from its published record: `python -m experts.recompute FILE`. Needs Python and this package alone.

Enters: the file of a drawing record. Leaves: the seed, the order and the seats on standard output; exit status 0 when
the file claims exactly this, 1 when it claims something else, 2 when it is no lawful draw.
"""

from __future__ import annotations

import sys
from pathlib import Path

from experts.drawing_record import differences, read, result_json
from experts.lottery import recompute
from ledger.errors import Refused


def main(arguments: list[str]) -> int:
    """Recompute the one file named; the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m experts.recompute FILE\n")
        return 2
    try:
        data = Path(arguments[0]).read_bytes()
        draw, _claimed = read(data)
        result = result_json(draw, recompute(draw))
        wrong = differences(data)
    except (OSError, Refused) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for name in ("request_digest", "pool_root", "final_seed"):
        sys.stdout.write(f"{name}: {result[name]}\n")
    sys.stdout.writelines(f"order {place}: {code}\n" for place, code in enumerate(recompute(draw).order, start=1))
    sys.stdout.writelines(f"seat: {seat.code} ({seat.speciality})\n" for seat in recompute(draw).seats)
    sys.stdout.write(f"not as claimed: {', '.join(wrong)}\n" if wrong else "the file claims exactly this\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
