"""Pure. The boards of an opening out of the ledger: what everybody saw, entry by entry, afterwards.

Enters: the entries about a lot, open and lifted, and the policy of its custody sheet. Leaves: one `Step` for each act,
with the scene after it. Nothing but entries decides what is shown; what the live board kept to itself is not here
either. Entries come in the order of their times, those of one act together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from bidding.envelope.policy import BIDDER, Policy
from bidding.hall.scene import DECIDED, FAILED, LAST, OPEN, Scene, SceneEnvelope, present

Values = Mapping[str, Any]
UNKNOWN = (datetime.max.replace(tzinfo=UTC), 0)  # of an envelope whose veil is on


@dataclass(frozen=True)
class Told:
    """One entry: its index in the log (that of its veiled leaf, for a lifted one), time, author, tag and values.

    The values of a read-out hold its bids, also where the entry only names the object with them.
    """

    index: int
    at: datetime
    by: str
    tag: str
    values: Values


@dataclass(frozen=True)
class Minutes:
    """How long the windows are that begin with an entry."""

    custodians: timedelta
    objections: timedelta
    confirmations: timedelta


@dataclass(frozen=True)
class Step:
    """One act of the opening and the board after it."""

    told: tuple[Told, ...]
    scene: Scene

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.told[-1].at


@dataclass(frozen=True)
class _Known:
    """What the entries so far say, more than the board shows."""

    scene: Scene = field(default_factory=Scene)
    closed: tuple[str, ...] = ()
    joined: frozenset[str] = frozenset()
    windows: Mapping[str, datetime] = field(default_factory=dict)
    objections: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    shares_open: bool = False
    hall: bool = False


def replay(entries: Iterable[Told], policy: Policy, minutes: Minutes) -> list[Step]:
    """Every step of the opening, in order."""
    found = sorted(entries, key=lambda one: (one.at, one.index))
    stamps = {one.values["number"]: (one.values["stamp"], one.index) for one in found if one.tag == SEALED}
    known, steps = _Known(), []
    for _act, group in groupby((one for one in found if one.tag in CHANGES), key=lambda one: (one.at, one.by)):
        told = tuple(group)
        for one in told:
            known = CHANGES[one.tag](known, one, minutes)
        known = _seen(known, policy, stamps)
        steps.append(Step(told, known.scene))
    return steps


def _seen(known: _Known, policy: Policy, stamps: Mapping[str, tuple[datetime, int]]) -> _Known:
    """The scene with what follows from the rest: lights, states, the step, the windows."""
    scene, labels = known.scene, policy.labels
    amber = known.hall and _complete(known, policy)
    envelopes = scene.envelopes
    if known.closed and not known.hall:
        order = sorted(known.closed, key=lambda number: stamps.get(number, UNKNOWN))
        envelopes = tuple(SceneEnvelope(place, number) for place, number in enumerate(order, 1))
    lit = dict(scene.custodians)
    counted = bool(known.closed) and not (scene.failed and not known.hall)
    return replace(
        known,
        scene=replace(
            scene,
            custodians=tuple((one, lit.get(one, False)) for one in labels if one != BIDDER) if counted else (),
            envelopes=tuple(present(one, known.joined, amber=amber) for one in envelopes) if counted else (),
            windows=tuple(sorted(known.windows.items())),
            step=_step(known, amber=amber),
        ),
    )


def _complete(known: _Known, policy: Policy) -> bool:
    lit = {leaf for leaf, given in known.scene.custodians if given}
    came = {index for index, label in enumerate(policy.labels) if label == BIDDER or label in lit}
    return policy.satisfied(came) and not known.shares_open


def _step(known: _Known, *, amber: bool) -> int:
    scene = known.scene
    if scene.over:
        return LAST
    if not known.hall:
        return scene.step
    if scene.read:
        return 7 if scene.signed else 6
    undecided = any(one.state not in DECIDED for one in scene.envelopes)
    return 3 if not amber else 4 if undecided else 5


Change = Callable[[_Known, Told, Minutes], _Known]


def _scene(known: _Known, **changes: Any) -> _Known:
    return replace(known, scene=replace(known.scene, **changes))


def _window(known: _Known, **ends: datetime | None) -> _Known:
    return replace(known, windows={**known.windows, **{name: at for name, at in ends.items() if at is not None}})


def _envelope(known: _Known, number: int, **changes: Any) -> _Known:
    envelopes = tuple(replace(one, **changes) if one.number == number else one for one in known.scene.envelopes)
    return _scene(known, envelopes=envelopes)


def _closing(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, step=1)


def _counted(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return _scene(replace(known, closed=tuple(row.number for row in told.values["envelopes"])), step=2)


def _too_few(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, step=2, failed=True)


def _opened(known: _Known, told: Told, minutes: Minutes) -> _Known:
    envelopes = tuple(SceneEnvelope(row.number, row.receipt) for row in told.values["envelopes"])
    with_hall = replace(_scene(known, envelopes=envelopes), hall=True)
    return _window(with_hall, custodians=told.at + minutes.custodians)


def _shares_awaited(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return _window(replace(known, shares_open=True), shares=told.values["until"])


def _shares_over(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return replace(known, shares_open=False)


def _joined(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return replace(known, joined=known.joined | {told.values["receipt"]})


def _released(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    lit = {**dict(known.scene.custodians), told.values["leaf"]: True}
    return _scene(known, custodians=tuple(lit.items()))


def _waiting_ended(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, waiting_ended=True)


def _decided(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    said = told.values
    state = OPEN if said["state"] == "opened" else FAILED
    return _envelope(known, said["number"], state=state, reason=said["reason"], side=said["side"])


def _rebutted(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return _envelope(known, told.values["number"], side="other")


def _read(known: _Known, told: Told, minutes: Minutes) -> _Known:
    for one in told.values["bids"]:
        known = _envelope(known, one.number, name=one.name, price=one.price)
    for one in told.values["failed"]:
        known = _envelope(known, one.number, name=one.name)
    ends = {"objections": told.at + minutes.objections, "confirmations": told.at + minutes.confirmations}
    return _window(_scene(known, read=True), **ends)


def _objected(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    said = told.values
    return _said(replace(known, objections={**known.objections, said["objection"]: (said["number"], False)}))


def _answered(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    number, _open = known.objections[told.values["objection"]]
    return _said(replace(known, objections={**known.objections, told.values["objection"]: (number, True)}))


def _said(known: _Known) -> _Known:
    return _scene(known, objections=tuple(known.objections.values()))


def _confirmed(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return _envelope(known, told.values["number"], confirmed=True)


def _silence(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, silent=True)


def _signed(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, signed=known.scene.signed | {told.values["part"]})


def _over(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, over=True)


def _failed(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, failed=True)


def _paused(known: _Known, _told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, paused=True)


def _rescheduled(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return _scene(known, paused=True, goes_on_at=told.values["at"])


def _resumed(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    return _scene(_interrupted(known, told, _minutes), paused=False, goes_on_at=None)


def _interrupted(known: _Known, told: Told, _minutes: Minutes) -> _Known:
    ends = told.values["windows"]
    return _window(
        known,
        custodians=ends.custodians,
        shares=ends.shares,
        objections=ends.objections,
        confirmations=ends.confirmations,
    )


SEALED = "bidding:envelope:sealed"
CHANGES: Mapping[str, Change] = {
    "trading:lot:closing": _closing,
    "bidding:lot:closed": _counted,
    "bidding:lot:failed": _too_few,
    "bidding:hall:opened": _opened,
    "bidding:window:opened": _shares_awaited,
    "bidding:window:closed": _shares_over,
    "bidding:hall:joined": _joined,
    "bidding:share:released": _released,
    "bidding:waiting:ended": _waiting_ended,
    "bidding:envelope:decided": _decided,
    "bidding:testimony:rebutted": _rebutted,
    "bidding:prices:read": _read,
    "bidding:objection:raised": _objected,
    "bidding:objection:answered": _answered,
    "bidding:record:confirmed": _confirmed,
    "bidding:silence:accepted": _silence,
    "bidding:record:signed": _signed,
    "bidding:lot:opened": _over,
    "bidding:opening:failed": _failed,
    "bidding:opening:paused": _paused,
    "bidding:opening:interrupted": _interrupted,
    "bidding:opening:rescheduled": _rescheduled,
    "bidding:opening:resumed": _resumed,
}
