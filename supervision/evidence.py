"""Where the bytes behind a digest lie: papers, records, statements, signatures of one tender.

Enters: a tender, and its entries as a case. Leaves: `Sources`, which answers a digest with its bytes if the kind of
bundle may hold them (verifier/secrecy.py). What nobody has asked for by naming it in the log is never read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bidding.models import Envelope, Hall, Rehearsal, RehearsalShare, Release
from bidding.opening.counted import list_named
from bidding.opening.own_share import own_share_in
from bidding.opening.quorum import open_batch
from bidding.submission.count import SPACE, counted_in
from evaluation.models import ReportSignature, Room, SignedSheet
from experts.models import Draw
from guarantees.models import SealedCover
from ledger import objects
from ledger.canon import encode
from supervision.verifier.case import Case
from supervision.verifier.secrecy import draw_is_public, is_unsealed, members_are_public, result_is_public
from trading.models import Contract, Lot, Notice, Paper, Question, Tender
from trading.papers import ADDENDUM, CONTRACT

LATER = frozenset({ADDENDUM, CONTRACT})  # papers that are nobody's before their addendum is issued


@dataclass(frozen=True)
class Sources:
    """The bytes that a bundle may hold, by hex digest."""

    tender: Tender
    case: Case

    def get(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256, None where there are none for this bundle."""
        if digest in self.kept:
            return self.kept[digest]
        name = self.stored.get(digest)
        return objects.read(name) if name else None

    @cached_property
    def lots(self) -> list[Lot]:
        """The lots of the tender."""
        return list(Lot.objects.filter(tender=self.tender).select_related("tender").order_by("number"))

    @cached_property
    def kept(self) -> Mapping[str, bytes]:
        """What lies in rows: statements, signatures, requests, contracts, answers."""
        return {hashlib.sha256(data).hexdigest(): data for data in self._rows()}

    def _rows(self) -> Iterator[bytes]:
        for rehearsal in Rehearsal.objects.filter(sheet__tender=self.tender):
            yield bytes(rehearsal.data)
        for given in RehearsalShare.objects.filter(rehearsal__sheet__tender=self.tender):
            yield from (bytes(given.statement), bytes(given.signature))
        for release in Release.objects.filter(lot__tender=self.tender):
            yield from (bytes(release.statement), bytes(release.signature))
        for hall in Hall.objects.filter(lot__tender=self.tender).prefetch_related("signatures"):
            yield from (bytes(row.signature) for row in hall.signatures.all())
        for draw in Draw.objects.filter(lot__tender=self.tender):
            yield bytes(draw.request)
        for question in Question.objects.filter(lot__tender=self.tender, answered_at__isnull=False):
            yield f"{question.text}\0{question.answer}".encode()
        for contract in Contract.objects.filter(award__lot__tender=self.tender):
            yield from (bytes(contract.record), bytes(contract.purchaser_signature), bytes(contract.winner_signature))
        for lot in self.lots:
            if members_are_public(self.case, lot.code):
                yield from self._members(lot)

    def _members(self, lot: Lot) -> Iterator[bytes]:
        for sheet in SignedSheet.objects.filter(seat__lot=lot):
            yield bytes(sheet.signature)
        for report in ReportSignature.objects.filter(seat__lot=lot):
            yield bytes(report.signature)

    @cached_property
    def stored(self) -> Mapping[str, str]:
        """What lies in the store: digest to the object's name."""
        return {name.rpartition("/")[2]: name for name in self._names() if name} | dict(self._sealed())

    def _names(self) -> Iterator[str]:
        issued = {one["digest"].hex() for one in self.case.all("trading:addendum:issued")}
        for paper in Paper.objects.filter(tender=self.tender).select_related("addendum"):
            # What became public after the count is not yet so in what ends with it.
            came = paper.addendum.digest in issued if paper.addendum else paper.kind not in LATER
            if came or not self.case.is_public:
                yield paper.object
        for closing in self.case.all("bidding:lot:closed"):
            yield f"{SPACE}/{closing['listed'].hex()}" if closing["listed"] else ""
        for notice in Notice.objects.filter(tender=self.tender):
            yield f"notices/{notice.digest}"
        for hall in Hall.objects.filter(lot__tender=self.tender).exclude(readout=""):
            yield from (f"readouts/{hall.readout}", hall.record)
        for draw in Draw.objects.filter(lot__tender=self.tender):
            if draw_is_public(self.case, draw.code):
                yield from (draw.pool, draw.record)
        for room in Room.objects.filter(lot__tender=self.tender).select_related("lot"):
            if result_is_public(self.case, room.lot.code):
                yield room.report
            if members_are_public(self.case, room.lot.code):
                yield from (room.paper, room.table)
        for lot in self.lots:
            yield from lot.awards.values_list("paper", flat=True)

    def _sealed(self) -> Iterator[tuple[str, str]]:
        """The counted envelopes, and the covers, of lots whose opening is over."""
        for lot in self.lots:
            if is_unsealed(self.case, lot.code):
                closed = self.case.all("bidding:lot:closed", lot=lot.code)
                numbers = [found.number for one in closed for found in counted_in(one.entry.values, list_named)]
                for row in Envelope.objects.filter(lot=lot, number__in=numbers):
                    yield row.digest, row.object
                yield from SealedCover.objects.filter(lot=lot).values_list("digest", "object")

    def private(self) -> Iterator[tuple[str, bytes]]:
        """The private parts by name, of what the case says was given: shares of opened lots, the salts of draws."""
        for lot in self.lots:
            if is_unsealed(self.case, lot.code):
                given = {(one["leaf"], one["round"]) for one in self.case.all("bidding:share:released", lot=lot.code)}
                for release in Release.objects.filter(lot=lot):
                    if (release.leaf, release.round) in given:
                        yield f"{lot.code}/{release.leaf}.batch", encode(open_batch(lot, release))
                for own in self.case.all("bidding:share:given", lot=lot.code):
                    yield f"{lot.code}/{own['receipt']}.share", own_share_in(lot, own["receipt"]) or b""
        for draw in Draw.objects.filter(lot__tender=self.tender).exclude(salt=""):
            if not self.case.is_public and self.case.all("experts:draw:requested", draw=draw.code):
                yield f"{draw.code}.salt", bytes.fromhex(draw.salt)
