"""A lot that comes to its opening: custodians with keys and certificates, bidders with sealed envelopes, a count.

Envelopes are made and sealed by the code that clients use; what a test spoils, it spoils before or after by hand.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from bidding.custody import keys
from bidding.custody import sheets as custody
from bidding.custody.key_statement import key_record
from bidding.envelope import stanza
from bidding.envelope.manifest import Item, Manifest, write_manifest
from bidding.envelope.packing import Measured, Package, measure
from bidding.envelope.receiving import check_header
from bidding.envelope.sealing import new_salt, seal
from bidding.envelope.sheet import CustodySheet, sheet_digest
from bidding.envelope.x25519 import Identity, new_identity
from bidding.events import EnvelopeSealed
from bidding.hall.entering import open_hall
from bidding.models import Envelope, Release, Sheet
from bidding.opening.release import Batch, release
from bidding.opening.statement import Piece, make_statement
from bidding.submission.closing import close
from bidding.submission.receipts import answer
from ledger import cms, objects
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.errors import Refused
from tests.world import World
from trading import authority
from trading.handles import handle_of
from trading.models import Account, Certificate, Lot, opaque
from trading.stages import Stage

LABELS = {"a": "agent", "c": "centre", "r": "regulator"}


@dataclass
class Signer:
    """A person with a certificate that is enrolled here."""

    account: Account
    key: ec.EllipticCurvePrivateKey
    fingerprint: str
    pem: bytes = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """A detached CMS signature."""
        row = Certificate.objects.get(fingerprint=self.fingerprint)
        return cms.sign(data, x509.load_der_x509_certificate(bytes(row.der)), self.key)


def enrolled(world: World, account: Account) -> Signer:
    """A certificate for `account`, issued by the built-in authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    party = account.party
    name = authority.name_of(account.display, party.name if party else "", party.credit_code if party else "")
    made = authority.issue(authority.built_in(), name, key.public_key(), world.clock.now())
    print_ = cms.fingerprint(made)
    Certificate.objects.create(
        account=account, der=made.public_bytes(Encoding.DER), fingerprint=print_,
        not_before=made.not_valid_before_utc, not_after=made.not_valid_after_utc,
    )  # fmt: skip
    return Signer(account, key, print_, made.public_bytes(Encoding.PEM))


@dataclass(frozen=True)
class Offer:
    """What a bidder means to offer; the fields after `files` spoil it."""

    price: Decimal | str = Decimal("9000000.00")
    days: str = "120"
    files: Mapping[str, bytes] = field(default_factory=lambda: {"technical.pdf": b"%PDF-1.7 how we build it"})
    credit_code: str | None = None
    lot: str | None = None
    signer: Signer | None = None
    signature: bytes | None = None
    package: bytes | None = None


class Hall:
    """The stage of an opening: `lot` in closing order, `sheet`, signers by user name."""

    def __init__(self, world: World, **lot: Any) -> None:
        self.world = world
        self.signers: dict[str, Signer] = {}
        tender = world.tender()
        self.lot = world.lot(Stage.DRAFT, **lot)
        self.keys: dict[str, Identity] = {label: new_identity() for label in LABELS}
        for label, name in LABELS.items():
            self.register(label, getattr(world, name))
        for name in LABELS.values():
            row = Sheet.objects.get(lot=self.lot, superseded=False)
            signature = self.signer(getattr(world, name)).sign(bytes(row.data))
            custody.sign_sheets(tender, {self.lot.code: signature}, actor=getattr(world, name).actor)
        self.move(Stage.BIDDING)
        self.sheet: CustodySheet = custody.sheet_in_force(self.lot)

    def register(self, label: str, account: Account) -> None:
        """Register the custodian's key."""
        signer, point = self.signer(account), self.keys[label].recipient.key
        credit_code = account.party.credit_code if account.party else ""
        data = key_record(self.lot.tender.code, 1, label, credit_code, point)
        keys.register_key(self.lot.tender, point, signer.sign(data), actor=account.actor)

    def signer(self, account: Account) -> Signer:
        """The person's certificate, enrolled on first use."""
        if account.username not in self.signers:
            self.signers[account.username] = enrolled(self.world, account)
        return self.signers[account.username]

    def move(self, stage: Stage) -> None:
        """Put the lot and its tender on a stage, as the stage of the play and not as an act."""
        Lot.objects.filter(pk=self.lot.pk).update(stage=stage.value)
        if stage is not Stage.DRAFT:
            self.lot.tender.__class__.objects.filter(pk=self.lot.tender_id).update(stage="published")
        self.fresh()

    def fresh(self) -> Lot:
        """The lot as it is stored now."""
        self.lot = Lot.objects.select_related("tender").get(pk=self.lot.pk)
        return self.lot

    def package(self, account: Account, offer: Offer, salt: bytes, sheet: CustodySheet | None = None) -> bytes:
        """The padded package that `account` makes of `offer`."""
        if offer.package is not None:
            return offer.package
        sheet, party = sheet or self.sheet, account.party
        files = [in_memory(name, data) for name, data in offer.files.items()]
        manifest = Manifest(
            lot=offer.lot or sheet.lot,
            round=sheet.round,
            sheet=sheet_digest(sheet),
            submission=salt.hex(),
            credit_code=offer.credit_code or (party.credit_code if party else ""),
            name=party.name if party else "",
            own_key=None,
            price=Decimal("1.00") if isinstance(offer.price, str) else offer.price,
            items=(Item("days", offer.days),),
            files=tuple(one.entry for one in files),
            tool="tests",
            maker="0f" * 32,
            time=self.world.clock.now(),
        )
        data = write_manifest(manifest)
        if isinstance(offer.price, str):
            data = data.replace(b'"price": "1.00"', f'"price": "{offer.price}"'.encode())
        signature = offer.signature or (offer.signer or self.signer(account)).sign(data)
        return io.BufferedReader(Package(data, signature, files)).read()

    def sealed(self, account: Account, offer: Offer, salt: bytes) -> bytes:
        """The sealed file of an honest client."""
        sink = io.BytesIO()
        seal(io.BytesIO(self.package(account, offer, salt)), sink, sheet=self.sheet, salt=salt)
        return sink.getvalue()

    def submit(self, number: int, offer: Offer | None = None) -> Envelope:
        """Bidder `number` seals an offer and it is received, a minute after the one before."""
        account, salt = self.world.bidder(number), new_salt()
        return self.receive(account, self.sealed(account, offer or Offer(), salt), salt)

    def receive(self, account: Account, data: bytes, salt: bytes) -> Envelope:
        """Take a sealed file as the platform does once its last byte is in."""
        self.world.clock.pass_(timedelta(minutes=1))
        received = check_header(data[:8192], sheet=self.sheet, submission=salt.hex(), size=len(data))
        number, name = opaque(), f"envelopes/{opaque()}"
        stored = objects.store().put(name, [data])
        row = Envelope(
            lot=self.lot, round=1, handle=handle_of(self.lot, account.party.credit_code if account.party else ""),
            submission=salt.hex(), stamp=self.world.clock.now(), number=number, digest=stored.digest,
            size=len(data), header=data[: received.length], share=received.share.hex(),
            sheet=sheet_digest(self.sheet).hex(), object=name,
        )  # fmt: skip
        with act("bidding:envelope:submit", THE_CLOCK, on=self.lot) as this:
            happened = EnvelopeSealed(
                self.lot.code, 1, salt.hex(), bytes.fromhex(stored.digest),
                hashlib.sha256(bytes(row.header)).digest(), len(data), row.stamp, number, None,
            )  # fmt: skip
            for field_name, value in answer(this, happened).items():
                setattr(row, field_name, value)
            row.save(force_insert=True)
        return row

    def count(self) -> None:
        """Pass the deadline and count; every entry gets its place."""
        if self.lot.deadline:
            self.world.clock.set(self.lot.deadline)
        self.move(Stage.CLOSING)
        close(self.fresh())
        self.world.sequence()
        self.fresh()

    def open(self) -> None:
        """The host opens the hall."""
        open_hall(self.fresh(), actor=self.world.agent.actor)
        self.world.sequence()
        self.fresh()

    def shares(self, label: str) -> dict[str, bytes | None]:
        """What the custodian of a leaf decrypts, honestly."""
        return {row.number: share_of(row, self.sheet, self.keys[label], label) for row in self.envelopes()}

    def envelopes(self) -> list[Envelope]:
        """Every envelope, by receipt number."""
        return list(Envelope.objects.filter(lot=self.lot).order_by("number"))

    def batch(self, label: str, shares: Mapping[str, bytes | None] | None = None) -> Batch:
        """A custodian's signed batch."""
        account = getattr(self.world, LABELS[label])
        given = self.shares(label) if shares is None else shares
        pieces = [self.piece(label, row, given.get(row.number)) for row in self.envelopes()]
        data = make_statement(self.lot.code, 1, sheet_digest(self.sheet), label, pieces)
        return Batch(label, given, self.signer(account).sign(data))

    def piece(self, label: str, row: Envelope, share: bytes | None) -> Piece:
        """One line of the statement."""
        opening, index = opening_of(row, self.sheet), list(LABELS).index(label)
        commitment = None if share is None else stanza.commitment(opening.context, opening.share, index, share)
        return Piece(row.number, hashlib.sha256(bytes(row.header)).digest(), commitment)

    def release(self, label: str, shares: Mapping[str, bytes | None] | None = None) -> Release:
        """A custodian gives a batch, and it comes into the log."""
        account = getattr(self.world, LABELS[label])
        made = release(self.fresh(), self.batch(label, shares), actor=account.actor)
        self.world.sequence()
        return made


def in_memory(name: str, data: bytes) -> Measured:
    """A file that lies in memory."""
    return measure(name, lambda: io.BytesIO(data))


def opening_of(row: Envelope, sheet: CustodySheet) -> stanza.Opening:
    """The opening stanza of a stored envelope."""
    received = check_header(bytes(row.header), sheet=sheet, submission=row.submission, size=row.size)
    return received.opening


def share_of(row: Envelope, sheet: CustodySheet, key: Identity, label: str) -> bytes | None:
    """The share in a leaf, None when it does not open."""
    try:
        return stanza.unwrap(opening_of(row, sheet), list(LABELS).index(label), key.private)
    except Refused:
        return None
