"""The live board of a hall: what everybody may see of it now, as values for page, JSON and wall alike.

Enters: a lot. Leaves: steps, lights, tiles, log and, after the prices were read, prices. Before the deadline there is
nothing; until the prices are read a tile has a number and never a name or a price, for anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bidding.hall.entering import bids_of, hall_of
from bidding.hall.hours import hours_of, windows_of
from bidding.hall.objections import objections_of
from bidding.hall.pausing import pause_of
from bidding.hall.reading import readout_of
from bidding.hall.scene import LAST, Scene, SceneEnvelope, scene_facts
from bidding.models import HallHours, HallObjection, HallPause, HallSignIn
from bidding.models.opening import FAILED, HOST, OPENED, WAITING, Bid, Hall
from bidding.opening.counted import live_envelopes
from bidding.opening.events import ReadBid, Readout
from bidding.opening.quorum import Light, is_complete, lights
from ledger.errors import _
from trading.models import Lot
from trading.stages import SEALED, UNSEALED, Stage

COUNTED = frozenset({Stage.CLOSED, Stage.OPENING}) | UNSEALED
STEPS = (
    _("Bidding ends"),
    _("Bids counted"),
    _("Hall open"),
    _("Custodians"),
    _("Decryption"),
    _("Prices read"),
    _("Confirmation"),
    _("Record signed"),
)


@dataclass(frozen=True)
class Tile:
    """One envelope on the wall. `state`: waiting, present, opening, open, failed; `bid` once it is in the hall."""

    number: int
    state: str
    receipt: str
    bid: Bid | None
    read: ReadBid | None
    name: str


@dataclass(frozen=True)
class Board:
    """All that the board shows. `step` is the index of the current step; `readout` None before the prices are read."""

    lot: Lot
    hall: Hall | None
    step: int
    lights: Sequence[Light]
    tiles: Sequence[Tile]
    readout: Readout | None
    signed: frozenset[str]
    hours: HallHours | None = None
    pause: HallPause | None = None
    objections: Sequence[HallObjection] = ()


def board_of(lot: Lot) -> Board:
    """The board as it stands."""
    hall = hall_of(lot)
    counted = lot.stage in COUNTED or hall is not None
    readout = readout_of(lot)
    tiles = _tiles(lot, hall, readout) if counted else []
    return Board(
        lot=lot,
        hall=hall,
        step=_step(lot, hall, tiles),
        lights=lights(lot) if counted else [],
        tiles=tiles,
        readout=readout,
        signed=frozenset(hall.signatures.values_list("part", flat=True)) if hall else frozenset(),
        hours=hours_of(hall) if hall else None,
        pause=pause_of(lot),
        objections=objections_of(lot) if readout else (),
    )


def scene_of(board: Board) -> Scene:
    """The board as the value that the replay of the ledger gives."""
    hall, hours = board.hall, board.hours
    windows = windows_of(hall, hours)
    ends = {name: getattr(windows, name) for name in ("custodians", "shares", "objections", "confirmations")}
    nothing_opened = hall is None or (board.readout is not None and not board.readout.bids)
    return Scene(
        step=board.step,
        custodians=tuple((light.leaf, light.is_lit) for light in board.lights),
        envelopes=tuple(_envelope(tile) for tile in board.tiles),
        paused=board.lot.paused,
        goes_on_at=board.pause.until if board.pause else None,
        waiting_ended=hours is not None and hours.waiting_ended_at is not None,
        windows=tuple(sorted((name, at) for name, at in ends.items() if at is not None)),
        read=board.readout is not None,
        objections=tuple((one.bid.number, one.answered_at is not None) for one in board.objections),
        silent=hours is not None and hours.silent_at is not None,
        signed=board.signed,
        over=board.step == LAST,
        failed=board.lot.stage == Stage.FAILED and nothing_opened,
    )


def _envelope(tile: Tile) -> SceneEnvelope:
    bid = tile.bid
    return SceneEnvelope(
        number=tile.number,
        receipt=tile.receipt,
        state=tile.state,
        reason=bid.reason if bid else "",
        side=bid.side if bid else "",
        name=tile.name,
        price=tile.read.price if tile.read else None,
        confirmed=bid is not None and bid.confirmed_at is not None,
    )


def _step(lot: Lot, hall: Hall | None, tiles: Sequence[Tile]) -> int:
    """How far the opening is, as an index into `STEPS`; beyond the last one when it is over."""
    if lot.stage in UNSEALED or (hall is not None and hall.ended_at is not None):
        return len(STEPS)
    if hall is None:
        return {Stage.CLOSING: 1, Stage.CLOSED: 2, Stage.FAILED: 2}.get(Stage(lot.stage), 0)
    if hall.read_at is not None:
        return 7 if hall.record else 6
    if not is_complete(lot):
        return 3
    return 4 if any(tile.state not in {"open", "failed"} for tile in tiles) else 5


def _tiles(lot: Lot, hall: Hall | None, readout: Readout | None) -> list[Tile]:
    present = set(HallSignIn.objects.filter(envelope__lot=lot).values_list("envelope_id", flat=True))
    if hall is None:
        return [
            Tile(place, "present" if row.pk in present else "waiting", row.number, None, None, "")
            for place, row in enumerate(live_envelopes(lot), 1)
        ]
    amber = is_complete(lot)
    read = {one.number: one for one in readout.bids} if readout else {}
    names = {number: one.name for number, one in read.items()}
    names |= {one.number: one.name for one in readout.failed} if readout else {}
    return [_tile(bid, present, read.get(bid.number), names.get(bid.number, ""), amber=amber) for bid in bids_of(lot)]


def _tile(bid: Bid, present: set[int], read: ReadBid | None, name: str, *, amber: bool) -> Tile:
    state = {OPENED: "open", FAILED: "failed"}.get(bid.state, "")
    if bid.state == WAITING:
        state = "opening" if amber else "present" if bid.envelope_id in present else "waiting"
    return Tile(bid.number, state, bid.envelope.number, bid, read, name)


def board_facts(board: Board) -> Mapping[str, object]:
    """The board for machines."""
    hall, read = board.hall, board.readout
    return {
        "lot": board.lot.code,
        "stage": board.lot.stage,
        "step": board.step,
        "sealed": board.lot.stage in SEALED and read is None,
        "opened_at": hall.opened_at.isoformat() if hall else None,
        "read_at": hall.read_at.isoformat() if hall and hall.read_at else None,
        "object_until": hall.object_until.isoformat() if hall and hall.object_until else None,
        "confirm_until": hall.confirm_until.isoformat() if hall and hall.confirm_until else None,
        "custodians": [{"leaf": light.leaf, "given": light.is_lit} for light in board.lights],
        "envelopes": [_tile_facts(tile) for tile in board.tiles],
        "bids": [_read_facts(one) for one in read.bids] if read else None,
        "record": {"host": HOST in board.signed, "signed": sorted(board.signed)},
        "paused": _pause_facts(board),
        "scene": scene_facts(scene_of(board)),
    }


def _pause_facts(board: Board) -> Mapping[str, object] | None:
    row = board.pause
    if row is None:
        return None
    until = row.until.isoformat() if row.until else None
    return {"since": row.at.isoformat(), "reason": row.reason, "clause": row.clause, "until": until}


def _tile_facts(tile: Tile) -> Mapping[str, object]:
    bid = tile.bid
    return {
        "number": tile.number,
        "receipt": tile.receipt,
        "state": tile.state,
        "reason": bid.reason if bid else "",
        "side": bid.side if bid else "",
        "consequence": bid.consequence if bid else "",
    }


def _read_facts(one: ReadBid) -> Mapping[str, object]:
    return {
        "number": one.number,
        "code": one.code,
        "name": one.name,
        "credit_code": one.credit_code,
        "price": str(one.price),
        "days": one.days,
        "invalid": one.invalid,
        "cover": list(one.cover),
    }
