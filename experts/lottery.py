"""Pure. The draw of experts: three parties' seeds and a frozen pool decide one order, and anyone can recompute it.

Enters: a request, the pool, three seeds of 32 bytes. Leaves: the order, the seats, the reserves, and for everybody left
out the reason. The steps (domain.md 4.3):
1. The request says what is needed. Its digest is fixed.
2. Agent, supervisor and centre each commit to a seed that nobody else knows.
3. The pool is frozen: every expert of the register with specialities, ties and what keeps them out. Its root is public.
4. The seeds are shown. Final seed = SHA-256("sunlight.draw/1" 0x00 || pool root || request digest || the three seeds).
5. Candidates stand in the order of HMAC-SHA-256(final seed, expert code). Nobody draws twice: replacements come next.
One honest party is enough for an order that nobody chose; who will not show a seed stops the draw, and that is on
record. Firms appear only as salted digests ("ties"): the public record shows who shares an employer or is avoided, and
not where anybody works.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from ledger.canon import encode, record
from ledger.errors import Reason, _, refuse, refused

ROLES = ("agent", "supervisor", "centre")  # the fixed order of commitments and seeds
SEED, DIGEST, REQUEST_ID = 32, 32, 16  # bytes

AVOIDED, NO_SPECIALITY = "avoided", "no_speciality"
# The words that keep an expert out, with the sentence for each.
EXCLUSIONS = {
    AVOIDED: _("Tied to a firm that is to be avoided"),
    NO_SPECIALITY: _("None of the specialities asked for"),
    "suspended": _("Suspended or withdrawn from the register"),
    "busy": _("Not free at the time of the evaluation"),
    "region": _("Outside the regions asked for"),
    "too_often": _("Drawn too often in this period"),
}


@record("sunlight.draw.need/1")
class Need:
    """`count` experts of one speciality."""

    speciality: str
    count: int


@record("sunlight.draw.request/1")
class Request:
    """What is asked for: a random `id` of 16 bytes, the lot, the needs in order, when the evaluation begins."""

    id: bytes
    lot: str
    needs: tuple[Need, ...]
    evaluation_at: datetime

    @property
    def seats(self) -> int:
        """How many experts are needed in all."""
        return sum(need.count for need in self.needs)

    @property
    def reserves(self) -> int:
        """How many stand by: half of the seats, rounded up."""
        return -(-self.seats // 2)


@record("sunlight.draw.line/1")
class Line:
    """One expert of the register, under an opaque `code`.

    `employer` is the tie of the employer, `ties` those of former employers, shareholdings and family; `unfit` are words
    of `EXCLUSIONS` for what the register knows against a seat in this panel.
    """

    code: str
    specialities: tuple[str, ...]
    employer: bytes
    ties: tuple[bytes, ...] = ()
    unfit: tuple[str, ...] = ()


@record("sunlight.draw.pool/1")
class Pool:
    """The frozen pool for one request: lines in the order of their codes, ties of the firms to avoid in byte order."""

    request: bytes
    lines: tuple[Line, ...]
    avoided: tuple[bytes, ...]


@record("sunlight.draw.record/1")
class DrawRecord:
    """Everything that decides a draw. `commitments` and `seeds` are in the order of `ROLES`."""

    request: Request
    commitments: tuple[bytes, ...]
    pool: Pool
    seeds: tuple[bytes, ...]


@dataclass(frozen=True)
class Seat:
    """An expert and the speciality of the seat."""

    code: str
    speciality: str


@dataclass(frozen=True)
class Result:
    """What a draw gives: candidates in order, seats, reserves in order, and why each other line is left out."""

    order: tuple[str, ...]
    seats: tuple[Seat, ...]
    reserves: tuple[str, ...]
    excluded: dict[str, tuple[str, ...]]


def tie(salt: bytes, firm: str) -> bytes:
    """The digest that stands for `firm` in one pool. The salt (32 bytes) is new for each pool and can be erased."""
    if len(salt) != SEED:
        raise ValueError("a salt has 32 bytes")
    return sha256(b"sunlight.tie/1\0" + salt + firm.encode()).digest()


def seed_commitment(request: bytes, role: str, seed: bytes) -> bytes:
    """What a party publishes before the pool is frozen.

    SHA-256("sunlight.seed/1" 0x00 || request id || role || seed): id and seed have fixed lengths, so nothing can shift.
    """
    if role not in ROLES or len(seed) != SEED or len(request) != REQUEST_ID:
        raise ValueError("a seed has 32 bytes, a request id 16, and one of three roles")
    return sha256(b"sunlight.seed/1\0" + request + role.encode() + seed).digest()


def seed_blockers(request: bytes, role: str, commitment: bytes, seed: bytes) -> list[Reason]:
    """Why `seed` is not what `role` committed to: `experts.seed_length`, `experts.seed_not_committed`."""
    if len(seed) != SEED:
        return [Reason("experts.seed_length", _("A seed has 32 bytes."))]
    if hmac.compare_digest(seed_commitment(request, role, seed), commitment):
        return []
    text = _("The seed of %(role)s is not the one that was committed.")
    return [Reason("experts.seed_not_committed", text, {"role": role})]


def request_digest(request: Request) -> bytes:
    """SHA-256 of the request's canonical bytes."""
    return sha256(encode(request)).digest()


def pool_root(pool: Pool) -> bytes:
    """SHA-256 of the pool's canonical bytes: published when the pool is frozen, before any seed is shown."""
    return sha256(encode(pool)).digest()


def frozen(request: Request, lines: Iterable[Line], avoided: Iterable[bytes]) -> Pool:
    """The pool of `lines` whatever their order. Refused `experts.pool_twice` for a code that comes twice."""
    ordered = tuple(sorted(lines, key=lambda line: line.code))
    pool = Pool(request.id, ordered, tuple(sorted(set(avoided))))
    refuse(_pool_reasons(request, pool))
    return pool


def final_seed(draw: DrawRecord) -> bytes:
    """The 32 bytes that decide the order (step 4)."""
    parts = (b"sunlight.draw/1\0", pool_root(draw.pool), request_digest(draw.request), *draw.seeds)
    return sha256(b"".join(parts)).digest()


def order_of(seed: bytes, codes: Iterable[str]) -> tuple[str, ...]:
    """`codes` by their ranking key HMAC-SHA-256(seed, code), the smallest first (step 5)."""
    return tuple(sorted(codes, key=lambda code: (hmac.digest(seed, code.encode(), "sha256"), code)))


def record_blockers(draw: DrawRecord) -> list[Reason]:
    """Why a record is no lawful draw: request, commitments, pool or seeds do not fit one another."""
    if len(draw.commitments) != len(ROLES) or len(draw.seeds) != len(ROLES):
        return [Reason("experts.seeds_incomplete", _("Agent, supervisor and centre each give one seed."))]
    reasons = [*_request_reasons(draw.request), *_pool_reasons(draw.request, draw.pool)]
    if not reasons:
        for role, commitment, seed in zip(ROLES, draw.commitments, draw.seeds, strict=True):
            reasons += seed_blockers(draw.request.id, role, commitment, seed)
    return reasons


def recompute(draw: DrawRecord) -> Result:
    """The result of a draw, for anyone. Refused with `record_blockers`, or `experts.pool_too_small`."""
    refuse(record_blockers(draw))
    lines = {line.code: line for line in draw.pool.lines}
    excluded = exclusions(draw.request, draw.pool)
    order = order_of(final_seed(draw), (code for code in lines if code not in excluded))
    seats = _seated(draw.request, [lines[code] for code in order])
    reserves = _standing_by(draw.request, [lines[code] for code in order], [lines[seat.code] for seat in seats])
    return Result(order, seats, reserves, excluded)


def exclusions(request: Request, pool: Pool) -> dict[str, tuple[str, ...]]:
    """Every line that is no candidate, with all the words why: what made it unfit, `avoided`, `no_speciality`."""
    wanted, avoided = {need.speciality for need in request.needs}, set(pool.avoided)
    found = {
        line.code: (
            *line.unfit,
            *([AVOIDED] if avoided & {line.employer, *line.ties} else []),
            *([] if wanted & set(line.specialities) else [NO_SPECIALITY]),
        )
        for line in pool.lines
    }
    return {code: reasons for code, reasons in found.items() if reasons}


def replacement(draw: DrawRecord, seats: Sequence[Seat], gone: frozenset[str], leaving: Seat) -> Seat:
    """Who follows `leaving`, one of `seats`.

    The first in the same order who is neither seated nor `gone`, has the speciality, and shares no employer with those
    who stay. Refused `experts.pool_exhausted`, and as `recompute`.
    """
    lines = {line.code: line for line in draw.pool.lines}
    staying = [seat.code for seat in seats if seat != leaving]
    employers = {lines[code].employer for code in staying}
    free = [lines[code] for code in recompute(draw).order if code not in {*staying, *gone, leaving.code}]
    fit = [one.code for one in free if leaving.speciality in one.specialities and one.employer not in employers]
    if not fit:
        text = _("No candidate for %(speciality)s is left; widen the pool by a new request.")
        refused("experts.pool_exhausted", text, speciality=leaving.speciality)
    return Seat(fit[0], leaving.speciality)


def pool_warnings(request: Request, pool: Pool, times: int = 3) -> list[Reason]:
    """`experts.pool_predictable` for each speciality with fewer than `times` its need among the candidates (P19)."""
    excluded = exclusions(request, pool)
    text = _("Only %(candidates)s candidates for %(count)s seats of %(speciality)s: the draw can be guessed.")
    found = []
    for need in request.needs:
        fit = [line for line in pool.lines if line.code not in excluded and need.speciality in line.specialities]
        if len(fit) < times * need.count:
            facts = {"candidates": str(len(fit)), "count": str(need.count), "speciality": need.speciality}
            found.append(Reason("experts.pool_predictable", text, facts))
    return found


def _seated(request: Request, lines: Sequence[Line]) -> tuple[Seat, ...]:
    seats: list[Seat] = []
    employers: set[bytes] = set()
    open_seats = {need.speciality: need.count for need in request.needs}
    for line in lines:
        speciality = next((name for name, left in open_seats.items() if left and name in line.specialities), None)
        if speciality is not None and line.employer not in employers:
            seats.append(Seat(line.code, speciality))
            employers.add(line.employer)
            open_seats[speciality] -= 1
    text = _("The candidates do not fill %(left)s seats of %(speciality)s, with one from each employer.")
    refuse(
        Reason("experts.pool_too_small", text, {"left": str(left), "speciality": speciality})
        for speciality, left in open_seats.items()
        if left
    )
    return tuple(seats)


def _standing_by(request: Request, lines: Sequence[Line], seated: Sequence[Line]) -> tuple[str, ...]:
    codes, employers = {line.code for line in seated}, {line.employer for line in seated}
    reserves: list[str] = []
    for line in lines:
        if len(reserves) < request.reserves and line.code not in codes and line.employer not in employers:
            reserves.append(line.code)
            employers.add(line.employer)
    return tuple(reserves)


def _request_reasons(request: Request) -> list[Reason]:
    names = [need.speciality for need in request.needs]
    whole = len(request.id) == REQUEST_ID and names and len(set(names)) == len(names)
    if whole and all(need.count > 0 for need in request.needs):
        return []
    return [Reason("experts.request_malformed", _("A request names each speciality once, with at least one seat."))]


def _pool_reasons(request: Request, pool: Pool) -> list[Reason]:
    codes = [line.code for line in pool.lines]
    reasons = []
    if pool.request != request.id:
        reasons.append(Reason("experts.pool_of_another", _("The pool was frozen for another request.")))
    text = _("The expert %(code)s stands in the pool twice.")
    twice = sorted(code for code, count in Counter(codes).items() if count > 1)
    reasons += [Reason("experts.pool_twice", text, {"code": code}) for code in twice]
    ties = [*pool.avoided, *(one for line in pool.lines for one in (line.employer, *line.ties))]
    if any(len(one) != DIGEST for one in ties):
        reasons.append(Reason("experts.tie_malformed", _("A firm stands in the pool as a digest of 32 bytes.")))
    if codes != sorted(codes) or list(pool.avoided) != sorted(set(pool.avoided)):
        reasons.append(Reason("experts.pool_not_sorted", _("The pool is not in the order of its codes.")))
    return reasons
