"""Opening one envelope: from shares to files at rest, and the entry that says what became of it (sealing.md).

Enters: the code of a bid whose custodians have come. Leaves: files encrypted under the lot's key, a sealed record of
what the manifest says, and `bidding:envelope:decided`, which names neither bidder nor price. Done twice it does
nothing; one broken file decides itself alone. Here, and nowhere else, an `OpenedBid` is made.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import cast

from django.conf import settings

from bidding.custody.sheets import sheet_in_force
from bidding.envelope.sheet import policy_of
from bidding.hall.hours import require_no_pause
from bidding.models import Envelope
from bidding.models.opening import FAILED, OPENED, WAITING, Bid
from bidding.opening.cover import open_cover
from bidding.opening.deciding import (
    NO_OWN_SHARE,
    NOT_OPENED,
    STORED_DIFFERS,
    TOO_FEW,
    Checks,
    Failed,
    Receipted,
    Side,
    Unsealed,
    Way,
    open_envelope,
    way_of,
)
from bidding.opening.events import EnvelopeDecided, TestimonyRefuted
from bidding.opening.lot_key import lot_key, open_file, open_record, seal_record
from bidding.opening.opened import FileFact, KeptBid, OpenedBid, keep
from bidding.opening.quorum import Given, given_for
from bidding.opening.resting import Heard, Resting, silence
from bidding.opening.window import is_window_open
from ledger import objects
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.canon import decode, encode
from ledger.errors import Absent, Broken, Reason, Refused, _
from trading.handles import handle_of
from trading.models import Party
from trading.signatures import check_party

BLOCK = 1 << 20
UNKNOWN_PARTY = Reason("bidding.unknown_party", _("The bid names an organisation that is not registered here."))


@dataclass(frozen=True)
class Outcome:
    """What became of an envelope: `kept` is the sealed record of an opened one, `reason` and `side` of a failed one."""

    state: str
    reason: str = ""
    side: str = ""
    kept: bytes | None = None


def open_bid(code: str, heard: Heard = silence) -> Bid:
    """Decide the envelope of the bid `code` if its custodians have come; leave it alone when it is decided already.

    `heard` is called whenever another block of a file is done.
    """
    bid = Bid.objects.select_related("lot__tender", "envelope").get(code=code)
    if bid.state != WAITING or bid.lot.paused:
        return bid
    if is_window_open(bid.lot):
        return bid  # nothing is decrypted before every bidder's share is in or its time is over
    given = given_for(bid.lot, bid.envelope.number)
    policy = policy_of(sheet_in_force(bid.lot))
    match way_of(policy, given.shares.keys(), given.closed):
        case Way.WAIT:
            return bid
        case Way.CLOSED:
            return decide(bid, Outcome(FAILED, NOT_OPENED.code, Side.BIDDER), given)
        case Way.ABSENT:
            return decide(bid, Outcome(FAILED, NO_OWN_SHARE.code, Side.BIDDER), given)
        case Way.FEW:
            return decide(bid, Outcome(FAILED, TOO_FEW.code, Side.OTHER), given)
        case Way.OPEN:
            return decide(bid, _outcome(bid, given, heard), given)


def _outcome(bid: Bid, given: Given, heard: Heard) -> Outcome:
    rest = Resting(bid.code, _key(bid), partial(_object, bid), heard)
    try:
        with closing(_stored(bid.envelope)) as stored, rest as resting:
            unsealed = open_envelope(stored, _receipted(bid), given.shares, _checks(bid), resting.take)
            resting.settle()
            kept = _kept(bid, unsealed)
            objects.let_go(stored)
            return Outcome(OPENED, kept=kept)
    except Failed as failure:
        return Outcome(FAILED, failure.reason.code, failure.side)


def _file(name: str) -> io.BufferedReader:
    return cast("io.BufferedReader", objects.store().open(name))


def _stored(envelope: Envelope) -> io.BufferedReader:
    try:
        return _file(envelope.object)
    except Absent as absent:
        raise Failed(Side.PLATFORM, STORED_DIFFERS) from absent


def _receipted(bid: Bid) -> Receipted:
    row = bid.envelope
    return Receipted(
        submission=row.submission,
        digest=bytes.fromhex(row.digest),
        header_digest=hashlib.sha256(bytes(row.header)).digest(),
        size=row.size,
        handle=row.handle,
        sheet=sheet_in_force(bid.lot),
    )


def _checks(bid: Bid) -> Checks:
    def signed(data: bytes, signature: bytes, credit_code: str) -> None:
        party = Party.objects.filter(credit_code=credit_code).first()
        if party is None:
            raise Refused(UNKNOWN_PARTY)
        check_party(data, signature, party, bid.envelope.stamp)

    return Checks(signed=signed, handle=lambda credit_code: handle_of(bid.lot, credit_code))


def _object(bid: Bid, place: int) -> str:
    return f"opened/{bid.lot.code}/{bid.code}/{place}"


def _key(bid: Bid) -> bytes:
    return lot_key(settings.PLATFORM_KEY, bid.lot.code)


def _kept(bid: Bid, unsealed: Unsealed) -> bytes:
    """The sealed record of what the manifest says and of the cover."""
    manifest, package = unsealed.manifest, unsealed.package
    party = Party.objects.get(credit_code=manifest.credit_code)
    cover, fault = open_cover(bid.lot, bid.envelope.handle, package)
    return seal_record(_key(bid), f"bid/{bid.code}", encode(keep(manifest, party.code, bid.lot.ceiling, cover, fault)))


def decide(bid: Bid, outcome: Outcome, given: Given) -> Bid:
    """Put the outcome on record, once: `Conflict` when somebody else was faster."""
    with act("bidding:envelope:decide", THE_CLOCK, on=bid) as this:
        require_no_pause(bid.lot)
        number, receipt = this.on.round, bid.envelope.number
        this.swap(
            this.on,
            state=(WAITING, outcome.state),
            reason=("", outcome.reason),
            side=("", str(outcome.side)),
            decided_at=(None, this.now),
            kept=(None, outcome.kept),
        )
        for leaf in _refuted(bid, given) if outcome.state == OPENED else []:
            this.record(TestimonyRefuted(bid.lot.code, number, leaf, receipt))
        this.record(
            EnvelopeDecided(bid.lot.code, number, bid.number, receipt, outcome.state, outcome.reason, str(outcome.side))
        )
        return this.on


def _refuted(bid: Bid, given: Given) -> Iterator[str]:
    if given.closed:
        labels = policy_of(sheet_in_force(bid.lot)).labels
        yield from (labels[index] for index in sorted(given.closed))


def kept_of(bid: Bid) -> KeptBid:
    """What is kept of an opened bid, out of its encrypted record."""
    if bid.kept is None:
        raise Broken(f"the bid {bid.code} is not open")
    return decode(KeptBid, open_record(_key(bid), f"bid/{bid.code}", bytes(bid.kept)))


def opened_bid(bid: Bid) -> OpenedBid:
    """The bid as those may see it whose stage and role allow it; whoever calls this has asked (bids.py, reading.py)."""
    kept = kept_of(bid)
    return OpenedBid(
        lot=bid.lot.code,
        number=bid.number,
        code=bid.code,
        party=kept.party,
        name=kept.name,
        credit_code=kept.credit_code,
        price=kept.price,
        days=kept.days,
        items=tuple((item.name, item.value) for item in kept.items),
        files=tuple(FileFact(one.name, one.sha256.hex(), one.size) for one in kept.files),
        invalid=kept.invalid,
        cover=tuple(bid.cover.split()),
    )


def kept_blocks(bid: Bid, name: str) -> Iterator[bytes]:
    """The content of a file of an opened bid in blocks, decrypted as they are read; `Absent` for no such file."""
    place = next((at for at, one in enumerate(kept_of(bid).files) if one.name == name), None)
    if place is None:
        raise Absent(Reason("objects.absent", _("There is no such file here.")))
    return _blocks(bid, _object(bid, place))


def _blocks(bid: Bid, name: str) -> Iterator[bytes]:
    with _file(name) as sealed:
        plain = open_file(_key(bid), name, sealed, sealed.seek(0, io.SEEK_END))
        while block := plain.read(BLOCK):
            yield block
