"""Scenes for the tests of bidding: lots under a custody sheet, sealed bids, uploads through the door."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.test import Client

from bidding.client import rehearsing
from bidding.custody import keys, rehearsal
from bidding.custody import sheets as custody
from bidding.custody.facts import rehearsal_facts
from bidding.custody.key_statement import key_record
from bidding.custody.rehearsing import hold
from bidding.envelope.manifest import Item, Manifest, write_manifest
from bidding.envelope.packing import Package, measure
from bidding.envelope.sealing import new_salt, seal
from bidding.envelope.sheet import CustodySheet, sheet_digest
from bidding.envelope.x25519 import Identity, new_identity
from bidding.models import Sheet
from ledger import cms
from tests.trading.keys import Pen, pen_of
from tests.world import MORNING, World
from trading.models import Account, Lot, Tender
from trading.stages import Stage

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_ACCEPT": "application/json"}
BODY = "application/offset+octet-stream"
CUSTODIANS = ("agent", "centre", "regulator")


@dataclass(frozen=True)
class Sealed:
    """A sealed file and its submission id."""

    data: bytes
    id: str


@dataclass
class Scene:
    """A tender whose lots have a sheet in force and take bids."""

    world: World
    pens: dict[str, Pen] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def pen(self, account: Account) -> Pen:
        """What the account signs with."""
        if account.username not in self.pens:
            self.pens[account.username] = pen_of(account)
        return self.pens[account.username]

    def client(self, account: Account) -> Client:
        """A browser in which the account is signed in."""
        if account.username not in self.clients:
            self.clients[account.username] = Client()
            self.clients[account.username].force_login(account)
        return self.clients[account.username]

    def register_keys(self, tender: Tender) -> None:
        """Every custodian registers a key."""
        for name in CUSTODIANS:
            account = getattr(self.world, name)
            identity = self.identities.setdefault(name, new_identity())
            key = identity.recipient.key
            label = keys.letter_of(account.actor)
            data = key_record(tender.code, tender.round, label, account.party.credit_code, key)
            keys.register_key(tender, key, self.pen(account).sign(data), actor=account.actor)

    def sign_sheets(self, tender: Tender) -> None:
        """Every custodian signs the sheets of all lots."""
        for name in CUSTODIANS:
            account = getattr(self.world, name)
            sheets = Sheet.objects.filter(lot__tender=tender, superseded=False).select_related("lot")
            pen = self.pen(account)
            signed = {sheet.lot.code: pen.sign(bytes(sheet.data)) for sheet in sheets if sheet.lot is not None}
            custody.sign_sheets(tender, signed, actor=account.actor)

    def sign_rehearsal(self, tender: Tender) -> bytes:
        """Every custodian signs the rehearsal's sheet; its bytes."""
        data = bytes(Sheet.objects.get(tender=tender, superseded=False).data)
        for name in CUSTODIANS:
            account = getattr(self.world, name)
            custody.sign_sheets(tender, {tender.code: self.pen(account).sign(data)}, actor=account.actor)
        return data

    def rehearse(self, tender: Tender) -> None:
        """The custodians hold the rehearsal: the agent seals it, all give their shares, the clock opens it."""
        signed, agent = self.sign_rehearsal(tender), self.world.agent
        made = rehearsing.seal_dummy(signed, agent.display, self.pen(agent), self.world.clock.now())
        rehearsal.seal_rehearsal(tender, made.envelope, made.own_share, actor=agent.actor)
        for name in CUSTODIANS:
            account = getattr(self.world, name)
            share = rehearsing.give(rehearsal_facts(tender), signed, self.identities[name].private)
            signature = self.pen(account).sign(share.statement)
            rehearsal.give_share(tender, share.leaf, share.share, signature, actor=account.actor)
        self.world.sequence()
        assert hold(tender) == 1

    def lots(self, count: int = 1, **facts: Any) -> list[Lot]:
        """Lots that take bids, under sheets in force."""
        drafts = [self.world.lot(Stage.DRAFT, number, **facts) for number in range(1, count + 1)]
        tender = drafts[0].tender
        self.register_keys(tender)
        self.sign_sheets(tender)
        return [self.world.lot(Stage.BIDDING, draft.number, **facts) for draft in drafts]

    def lot(self, **facts: Any) -> Lot:
        """One such lot."""
        return self.lots(**facts)[0]

    def sheet(self, lot: Lot) -> CustodySheet:
        """Its sheet."""
        return custody.sheet_in_force(lot)

    def seal(
        self,
        lot: Lot,
        account: Account,
        price: str = "9596000.00",
        *,
        at: datetime = MORNING,
        salt: bytes | None = None,
        own: Identity | None = None,
        wrapped: Identity | None = None,
    ) -> Sealed:
        """A sealed bid of the account's organisation; `own` is the bidder's key where the policy has `b`.

        Honest unless leaf `b` is `wrapped` to another key than the manifest names.
        """
        sheet, salt = self.sheet(lot), salt or new_salt()
        files = [measure("offer.txt", lambda: io.BytesIO(f"we build it for {price}".encode()))]
        party, pen = account.party, self.pen(account)
        assert party is not None
        manifest = write_manifest(
            Manifest(
                lot=lot.code,
                round=sheet.round,
                sheet=sheet_digest(sheet),
                submission=salt.hex(),
                credit_code=party.credit_code,
                name=party.name,
                own_key=own.recipient.key if own else None,
                price=Decimal(price),
                items=(Item("days", "300"),),
                files=tuple(one.entry for one in files),
                tool="sunlight tests",
                maker=cms.fingerprint(pen.certificate),
                time=at,
            )
        )
        sink = io.BytesIO()
        package = io.BufferedReader(Package(manifest, pen.sign(manifest), files))
        really = wrapped or own
        seal(package, sink, sheet=sheet, salt=salt, own=really.recipient if really else None)
        return Sealed(sink.getvalue(), salt.hex())

    def begin(self, lot: Lot, account: Account, sealed: Sealed, **headers: str) -> Any:
        """Create an upload by tus."""
        declared = {"lot": lot.code, "id": sealed.id}
        words = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in declared.items())
        facts = {"HTTP_UPLOAD_LENGTH": str(len(sealed.data)), "HTTP_UPLOAD_METADATA": words, **TUS, **headers}
        return self.client(account).post("/bidding/tus/", **facts)  # type: ignore[arg-type]

    def patch(self, url: str, account: Account, data: bytes, offset: int = 0, **headers: str) -> Any:
        """Send bytes by tus."""
        facts = {"HTTP_UPLOAD_OFFSET": str(offset), **TUS, **headers}
        return self.client(account).patch(url, data, content_type=BODY, **facts)  # type: ignore[arg-type]

    def send(self, lot: Lot, account: Account, sealed: Sealed) -> Any:
        """A whole upload in two requests."""
        begun = self.begin(lot, account, sealed)
        return self.patch(begun["Location"], account, sealed.data) if begun.status_code == 201 else begun

    def submit(self, lot: Lot, account: Account, price: str = "9596000.00") -> dict[str, Any]:
        """Seal and send; the receipt file."""
        sealed = self.seal(lot, account, price)
        response = self.send(lot, account, sealed)
        assert response.status_code == 204, response.content
        receipt: dict[str, Any] = self.arrived(lot, account, sealed.id).json()["receipt"]
        return receipt

    def arrived(self, lot: Lot, account: Account, submission: str) -> Any:
        """Did my id arrive?"""
        url = f"/bidding/lots/{lot.code}/submissions/{submission}"
        return self.client(account).get(url, headers={"accept": "application/json"})
