"""Seal a bid on the bidder's own machine: check everything first, trust nothing the site says unsigned (sealing.md).

Enters: the site's facts of a lot, a folder of files, price and days, the bidder's pen and pinned roots. Leaves: the
sealed file, and beside it `<name>.json`, which says for which lot it is, its id and digests.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

from cryptography import x509

from bidding.client.keys import Pen
from bidding.client.passing import Watched, keep, whole
from bidding.client.reading import read_object
from bidding.custody.signed_sheet import check_signed_sheet, credit_code_of
from bidding.envelope.age import encrypt
from bidding.envelope.manifest import PRICE, Item, Manifest, write_manifest
from bidding.envelope.packing import Measured, Opener, Package, measure
from bidding.envelope.sealing import new_salt, seal
from bidding.envelope.sheet import CustodySheet, policy_of, sheet_digest
from bidding.envelope.x25519 import Recipient, new_identity
from bidding.preflight.finding import Candidate
from bidding.preflight.names import COVER_KEY, check_names
from ledger import cms
from ledger.errors import Reason, _, refuse, refused

TOOL = "sunlight client 0.1.0"
DAYS = "days"
Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Offer:
    """What a bidder offers: price in yuan as text, days, further quoted lines, a folder of files, a cover file."""

    price: str
    days: int
    files: Path
    items: tuple[tuple[str, str], ...] = ()
    cover: Path | None = None


@dataclass(frozen=True)
class SealedBid:
    """A sealed file and what its sealer knows of it; `cover` is the sealed cover beside it, if there is one."""

    path: Path
    lot: str
    submission: str
    digest: str
    header: str
    size: int
    cover: Path | None = None

    def write(self) -> Path:
        """Keep this beside the sealed file."""
        beside = self.path.with_suffix(".json")
        facts = {**asdict(self), "path": self.path.name, "cover": self.cover.name if self.cover else None}
        keep(beside, facts)
        return beside


def read_sealed(path: Path) -> SealedBid:
    """What `SealedBid.write` kept for the sealed file at `path`."""
    beside = path.with_suffix(".json")
    if not path.exists() or not beside.exists():
        refused("client.not_sealed", _("There is no sealed file with its description here; seal the bid first."))
    facts = read_object(beside) or {}
    texts = {name: facts.get(name) for name in ("lot", "submission", "digest", "header")}
    cover, size = facts.get("cover"), facts.get("size")
    forms = [*(isinstance(one, str) for one in texts.values()), isinstance(size, int), isinstance(cover, str | None)]
    if not all(forms):
        text = _("%(name)s beside the sealed file is damaged; seal the bid again.")
        refused("client.description_damaged", text, name=str(beside))
    return SealedBid(path=path, size=cast("int", size), cover=path.parent / cover if cover else None,
                     **{name: str(one) for name, one in texts.items()})  # fmt: skip


def signed_sheet_of(desk: Mapping[str, Any], roots: Sequence[x509.Certificate], at: datetime) -> CustodySheet:
    """The custody sheet of the lot, from the bytes that every custodian signed and from nothing else."""
    found = desk.get("sheet")
    if not found:
        refused("bidding.no_sheet_in_force", _("No custody sheet is in force for this lot."))
    signatures = {label: base64.b64decode(text) for label, text in found["signatures"].items()}
    sheet = check_signed_sheet(base64.b64decode(found["sheet"]), signatures, roots, at)
    if (sheet.lot, sheet.round) != (desk["lot"], desk["round"]):
        refused("bidding.other_sheet", _("The custody sheet is that of another lot or round."))
    return sheet


def offer_blockers(offer: Offer, desk: Mapping[str, Any]) -> list[Reason]:
    """Why this offer should not be sealed: every reason at once."""
    reasons = []
    if not PRICE.fullmatch(offer.price):
        reasons.append(Reason("bidding.price", _("The price is not a decimal number with at most two places.")))
    elif desk["ceiling"] is not None and Decimal(offer.price) > Decimal(desk["ceiling"]):
        text = _("The price is above the ceiling of %(ceiling)s.")
        reasons.append(Reason("bidding.above_ceiling", text, {"ceiling": str(desk["ceiling"])}))
    if offer.days <= 0:
        reasons.append(Reason("bidding.days", _("State the duration in whole days.")))
    reasons += _file_blockers(offer.files)
    if Decimal(desk["bond"]) > 0 and offer.cover is None:
        reasons.append(Reason("bidding.cover_missing", _("This lot asks for a bid bond: add the cover.")))
    return reasons


def _file_blockers(folder: Path) -> list[Reason]:
    files = [Candidate(path.name, path.stat().st_size, _opener(path)) for path in files_in(folder)]
    return [finding.reason for finding in check_names(files)]


def files_in(folder: Path) -> list[Path]:
    """The files of a bid: every file of the folder, by name; folders inside are not taken."""
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def seal_cover(cover: bytes) -> tuple[bytes, bytes]:
    """(the cover sealed to a key of one use, the text of that key, which travels in the bid)."""
    identity = new_identity()
    sealed = io.BytesIO()
    encrypt(io.BytesIO(cover), sealed, [Recipient(identity.recipient.key)])
    return sealed.getvalue(), (identity.secret_text() + "\n").encode()


def _measured(offer: Offer, cover_key: bytes | None, progress: Progress) -> list[Measured]:
    """Every file measured; it is read once here and once when it is packed, and `progress` hears of both."""
    paths = files_in(offer.files)
    total, done = 2 * sum(path.stat().st_size for path in paths), 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    def watched(path: Path) -> Opener:
        return lambda: cast("BinaryIO", Watched(path, tell))

    files = [measure(path.name, watched(path)) for path in paths]
    return files if cover_key is None else [*files, measure(COVER_KEY, lambda: io.BytesIO(cover_key))]


def make_manifest(
    offer: Offer,
    desk: Mapping[str, Any],
    sheet: CustodySheet,
    salt: bytes,
    files: Sequence[Measured],
    pen: Pen,
    at: datetime,
    own: Recipient | None = None,
) -> bytes:
    """The manifest's bytes, with the bidder's own key where the policy has `b`.

    Refused when the certificate is not the bidder's, or when the own key is needed and not there.
    """
    asks = policy_of(sheet).asks_bidder
    if credit_code_of(pen.certificate) != desk["credit_code"]:
        refused("bidding.other_certificate", _("The certificate was issued for another organisation than the bidder."))
    if asks and own is None:
        refused("bidding.own_key_missing", _("Under this policy the bidder's own key is needed."))
    manifest = Manifest(
        lot=sheet.lot,
        round=sheet.round,
        sheet=sheet_digest(sheet),
        submission=salt.hex(),
        credit_code=desk["credit_code"],
        name=desk["name"],
        own_key=own.key if asks and own else None,
        price=Decimal(offer.price),
        items=(Item(DAYS, str(offer.days)), *(Item(name, value) for name, value in offer.items)),
        files=tuple(one.entry for one in files),
        tool=TOOL,
        maker=cms.fingerprint(pen.certificate),
        time=at,
    )
    return write_manifest(manifest)


def seal_bid(
    offer: Offer,
    desk: Mapping[str, Any],
    *,
    pen: Pen,
    roots: Sequence[x509.Certificate],
    at: datetime,
    to: Path,
    own: Recipient | None = None,
    progress: Progress = no_progress,
) -> SealedBid:
    """Seal `offer` into the file `to`, for the lot whose desk facts the site gave. Refused with every reason.

    `own` is the bidder's own key: whoever holds it can look at what was sealed.
    """
    refuse(offer_blockers(offer, desk))
    sheet, salt = signed_sheet_of(desk, roots, at), new_salt()
    sealed_cover, cover_key = seal_cover(offer.cover.read_bytes()) if offer.cover else (None, None)
    files = _measured(offer, cover_key, progress)
    manifest = make_manifest(offer, desk, sheet, salt, files, pen, at, own)
    package = io.BufferedReader(Package(manifest, pen.sign(manifest), files), 1 << 20)
    with whole(to) as sink:
        sealed = seal(package, sink, sheet=sheet, salt=salt, own=own)
    cover = None
    if sealed_cover is not None:
        cover = to.with_suffix(".cover")
        cover.write_bytes(sealed_cover)
    to.with_suffix(".sheet").write_bytes(base64.b64decode(desk["sheet"]["sheet"]))
    header = hashlib.sha256(sealed.header).hexdigest()
    made = SealedBid(to, sheet.lot, sealed.submission, sink.digest.hexdigest(), header, sealed.size, cover)
    made.write()
    return made
