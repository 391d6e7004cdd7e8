"""Pure. The drawing record as a file: everything that decides a draw and what came out, in JSON that people can read.

Enters: a `DrawRecord`. Leaves: one spelling of it in JSON, bytes in hex; and, reading strictly, the same record. Only
codes of this draw and salted digests stand in it, so it is public once the panel is complete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from experts.lottery import (
    DrawRecord,
    Line,
    Need,
    Pool,
    Request,
    Result,
    final_seed,
    pool_root,
    recompute,
    request_digest,
)
from ledger.errors import Reason, Refused, _

FORMAT = "sunlight.drawing/1"


def write(draw: DrawRecord) -> bytes:
    """The file: the record, and what `recompute` makes of it."""
    made = {"format": FORMAT, "record": _record_json(draw), "result": result_json(draw, recompute(draw))}
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def result_json(draw: DrawRecord, result: Result) -> dict[str, object]:
    """What came out, for people and for comparison."""
    return {
        "request_digest": request_digest(draw.request).hex(),
        "pool_root": pool_root(draw.pool).hex(),
        "final_seed": final_seed(draw).hex(),
        "order": list(result.order),
        "seats": [{"code": seat.code, "speciality": seat.speciality} for seat in result.seats],
        "reserves": list(result.reserves),
        "excluded": {code: list(words) for code, words in result.excluded.items()},
    }


def _record_json(draw: DrawRecord) -> dict[str, object]:
    return {
        "request": {
            "id": draw.request.id.hex(),
            "lot": draw.request.lot,
            "needs": [{"speciality": need.speciality, "count": need.count} for need in draw.request.needs],
            "evaluation_at": draw.request.evaluation_at.isoformat(),
        },
        "commitments": [one.hex() for one in draw.commitments],
        "pool": {
            "request": draw.pool.request.hex(),
            "lines": [_line_json(line) for line in draw.pool.lines],
            "avoided": [one.hex() for one in draw.pool.avoided],
        },
        "seeds": [one.hex() for one in draw.seeds],
    }


def _line_json(line: Line) -> dict[str, object]:
    return {
        "code": line.code,
        "specialities": list(line.specialities),
        "employer": line.employer.hex(),
        "ties": [one.hex() for one in line.ties],
        "unfit": list(line.unfit),
    }


def read(data: bytes) -> tuple[DrawRecord, Mapping[str, Any]]:
    """The record in a file and the result it claims. Refused `experts.drawing_malformed`."""
    malformed = Refused(Reason("experts.drawing_malformed", _("This file is no drawing record.")))
    try:
        found = json.loads(data)
        record, result, named = _record(found["record"]), found["result"], found["format"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise malformed from None
    if named != FORMAT or set(found) != {"format", "record", "result"} or not isinstance(result, dict):
        raise malformed
    return record, result


def _record(found: Mapping[str, Any]) -> DrawRecord:
    request, pool = found["request"], found["pool"]
    return DrawRecord(
        request=Request(
            id=bytes.fromhex(request["id"]),
            lot=request["lot"],
            needs=tuple(Need(need["speciality"], need["count"]) for need in request["needs"]),
            evaluation_at=datetime.fromisoformat(request["evaluation_at"]),
        ),
        commitments=tuple(bytes.fromhex(one) for one in found["commitments"]),
        pool=Pool(
            request=bytes.fromhex(pool["request"]),
            lines=tuple(_line(line) for line in pool["lines"]),
            avoided=tuple(bytes.fromhex(one) for one in pool["avoided"]),
        ),
        seeds=tuple(bytes.fromhex(one) for one in found["seeds"]),
    )


def _line(line: Mapping[str, Any]) -> Line:
    return Line(
        code=line["code"],
        specialities=tuple(line["specialities"]),
        employer=bytes.fromhex(line["employer"]),
        ties=tuple(bytes.fromhex(one) for one in line["ties"]),
        unfit=tuple(line["unfit"]),
    )


def differences(data: bytes) -> list[str]:
    """The names of what the file claims and a recomputation does not give; none when the draw is what it says."""
    draw, claimed = read(data)
    computed = result_json(draw, recompute(draw))
    return sorted(name for name in {*computed, *claimed} if computed.get(name) != claimed.get(name))
