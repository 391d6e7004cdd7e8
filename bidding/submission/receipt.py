"""Pure. The receipt: a promise of the platform that can be checked by anybody who holds it (sealing.md, "Receipt").

Enters: the inner entry of an envelope, a withdrawal or a refusal of either, and the salt that opens its veiled leaf.
Leaves: the canonical record `sunlight.receipt/1`, which the platform signs (CMS, detached, so `openssl cms -verify`
checks it); and, reading a receipt file (JSON), what it says once signature, signer and leaf hold.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from bidding.events import EnvelopeRefused, EnvelopeSealed, EnvelopeWithdrawn, WithdrawalRefused
from ledger import cms, merkle
from ledger.canon import EPOCH, Malformed, decode, encode, record, tag_of
from ledger.errors import _, refused
from ledger.events import Entry, Stamp, VeiledAdded, commit_veiled, read_entry, write_entry

FORMAT = "sunlight.receipt/1"
SIGNER = "Sunlight receipts"
KINDS = {
    tag_of(EnvelopeSealed): "sealed",
    tag_of(EnvelopeWithdrawn): "withdrawn",
    tag_of(EnvelopeRefused): "refused",
    tag_of(WithdrawalRefused): "not_withdrawn",
}
LATER = frozenset({"timestamp", "proof"})  # what a receipt file has beside the signed record, once it is there
LONGEST = 200_000


@record(FORMAT)
class Receipt:
    """What is signed: the inner entry, and the salt behind the commitment in its veiled leaf."""

    entry: bytes
    salt: bytes

    @property
    def leaf(self) -> bytes:
        """The bytes of the leaf that stands in the public log."""
        return write_entry(VeiledAdded(commit_veiled(self.salt, self.entry)), Stamp(b"", EPOCH, None))


@dataclass(frozen=True)
class CheckedReceipt:
    """A receipt whose signature holds. `kind` is one of `KINDS`; `entry` its inner entry as read."""

    kind: str
    entry: Entry
    receipt: Receipt
    signer: x509.Certificate

    @property
    def leaf_hash(self) -> bytes:
        """The hash of its leaf: what an inclusion proof is about."""
        return merkle.leaf_hash(self.receipt.leaf)

    @property
    def number(self) -> str:
        """The random receipt number."""
        return str(self.entry.values["number"])


def receipt_file(record_bytes: bytes, signature: bytes) -> dict[str, object]:
    """The receipt as a JSON object: the signed record and the signature, and for people what the record says."""
    signed = decode(Receipt, record_bytes)
    entry = read_entry(signed.entry)
    return {
        "format": FORMAT,
        "kind": KINDS[entry.tag],
        "says": {name: _plain(value) for name, value in entry.values.items()},
        "leaf": merkle.leaf_hash(signed.leaf).hex(),
        "record": base64.b64encode(record_bytes).decode(),
        "signature": base64.b64encode(signature).decode(),
    }


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return list(value) if isinstance(value, tuple) else value


def complete_file(
    file: Mapping[str, object], timestamp: bytes | None, proof: Mapping[str, object] | None
) -> dict[str, object]:
    """A receipt file with what came later: the timestamp authority's answer over the bytes of the signature, and the
    inclusion proof of the leaf (`bidding.submission.inclusion`).
    """
    later: dict[str, object] = {}
    if timestamp is not None:
        later["timestamp"] = base64.b64encode(timestamp).decode()
    if proof is not None:
        later["proof"] = dict(proof)
    return {**file, **later}


def timestamp_in(file: Mapping[str, object]) -> bytes | None:
    """The timestamp authority's answer in a receipt file, None without one; refused `bidding.receipt_form`."""
    if "timestamp" not in file:
        return None
    try:
        return base64.b64decode(str(file["timestamp"]), validate=True)
    except ValueError:
        return refused("bidding.receipt_form", _("This is not a receipt of the platform."))


def parts_of(file: Mapping[str, object]) -> tuple[bytes, bytes]:
    """The signed record and the signature in a receipt file; refused `bidding.receipt_form`."""
    try:
        record_text, signature = file["record"], file["signature"]
        if file["format"] == FORMAT and isinstance(record_text, str) and isinstance(signature, str):
            return base64.b64decode(record_text, validate=True), base64.b64decode(signature, validate=True)
    except (KeyError, ValueError):
        pass
    return refused("bidding.receipt_form", _("This is not a receipt of the platform."))


def parse_receipt(text: str) -> dict[str, object]:
    """The JSON object in `text`, a byte order mark before it or not; refused `bidding.receipt_form`."""
    try:
        found = json.loads(text.removeprefix("\ufeff")) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        refused("bidding.receipt_form", _("This is not a receipt of the platform."))
    return found


def check_receipt(file: Mapping[str, object], roots: Iterable[x509.Certificate]) -> CheckedReceipt:
    """What a receipt says, once its record is canonical, its signature holds and the platform made it.

    Refused `bidding.receipt_form`, `bidding.receipt_says` (the plain words differ from the record),
    `bidding.receipt_signer`, `signature.*`.
    """
    record_bytes, signature = parts_of(file)
    try:
        receipt = decode(Receipt, record_bytes)
        entry = read_entry(receipt.entry)
    except Malformed:
        refused("bidding.receipt_form", _("This is not a receipt of the platform."))
    if entry.tag not in KINDS or entry.stamp is None:
        refused("bidding.receipt_form", _("This is not a receipt of the platform."))
    if receipt_file(record_bytes, signature) != {name: file[name] for name in file if name not in LATER}:
        refused("bidding.receipt_says", _("The words beside the signed record are not what the record says."))
    signer = cms.verify(record_bytes, signature, roots, entry.stamp.at)
    if not is_receipt_signer(signer):
        refused("bidding.receipt_signer", _("The receipt was not signed by the platform."))
    return CheckedReceipt(KINDS[entry.tag], entry, receipt, signer)


def is_receipt_signer(certificate: x509.Certificate) -> bool:
    """Whether the certificate is the platform's for receipts: its name, and no person's or organisation's number."""
    names = [name.value for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return names == [SIGNER] and not certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)


def signed_record(inner: bytes, salt: bytes) -> bytes:
    """The canonical record that the platform signs."""
    return encode(Receipt(entry=inner, salt=salt))
