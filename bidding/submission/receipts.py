"""Receipts as given out: signed in the act's own transaction, stored, and given again as often as the bidder asks.

Enters: an act in progress and a veiled event. Leaves: the veiled entry, the record and the platform's signature over
it; later the inclusion proof. Withdrawals and refusals are answered in the same form. The receipt certificate is issued
by the built-in authority for RECEIPT_KEY and lies in `var/secrets/receipt-certificate.pem`.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.conf import settings

from bidding.events import EnvelopeRefused, EnvelopeSealed, EnvelopeWithdrawn, WithdrawalRefused
from bidding.models import Envelope, Refusal, Timestamp, Unstamped, Withdrawal
from bidding.submission.inclusion import as_facts
from bidding.submission.receipt import SIGNER, complete_file, receipt_file, signed_record
from ledger import cms, tree
from ledger.act import This, veiled
from ledger.errors import Broken
from ledger.tree import Proof
from trading import authority

Answer = Envelope | Withdrawal | Refusal
Numbered = EnvelopeSealed | EnvelopeWithdrawn | EnvelopeRefused | WithdrawalRefused


def receipt_key() -> EllipticCurvePrivateKey:
    """The key that signs receipts and nothing else."""
    key = load_pem_private_key(settings.RECEIPT_KEY, None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise Broken("the receipt key is not P-256")
    return key


def receipt_certificate(at: datetime) -> x509.Certificate:
    """The certificate for the receipt key, made when there is none that is valid at `at`."""
    path = Path(settings.SECRETS_DIR) / "receipt-certificate.pem"
    key = receipt_key().public_key()
    if path.exists():
        found = x509.load_pem_x509_certificate(path.read_bytes())
        if found.public_key() == key and cms.issued_by(found, authority.roots(), at):
            return found
    made = authority.issue(authority.built_in(), authority.name_of(SIGNER), key, at)
    beside = path.with_name(f".{secrets.token_hex(8)}")
    beside.write_bytes(made.public_bytes(Encoding.PEM))
    beside.replace(path)
    return made


def answer(this: This[Any], happened: Numbered) -> dict[str, Any]:
    """Record `happened` under a veil and sign its receipt: the fields that every answer row has beside its place."""
    row = this.record(veiled(happened))
    signed = signed_record(bytes(row.inner.inner), bytes(row.inner.salt))
    signature = cms.sign(signed, receipt_certificate(this.now), receipt_key())
    Unstamped.objects.create(number=happened.number)  # the timestamp comes after the receipt and never holds it up
    return {"entry": row, "record": signed, "signature": signature}


def header_digest(envelope: Envelope) -> bytes:
    """SHA-256 of an envelope's header."""
    return hashlib.sha256(bytes(envelope.header)).digest()


def as_file(given: Answer) -> dict[str, object]:
    """The receipt file of a stored answer: the same every time."""
    return receipt_file(bytes(given.record), bytes(given.signature))


def as_complete_file(given: Answer) -> dict[str, object]:
    """The receipt file with all that belongs to it by now: the timestamp, the inclusion proof."""
    stamped = timestamp_of(given)
    proof = proof_of(given)
    shown = as_facts(proof.index, proof.size, proof.path, proof.checkpoint) if proof else None
    return complete_file(as_file(given), bytes(stamped.token) if stamped else None, shown)


def timestamp_of(given: Answer) -> Timestamp | None:
    """The timestamp over the answer's signature, None while there is none."""
    return Timestamp.objects.filter(number=given.number).first()


def answer_numbered(number: str) -> Answer | None:
    """The answer with this receipt number, whoever's it is: for what is public about it, and for timestamps."""
    return (
        Envelope.objects.filter(number=number).first()
        or Withdrawal.objects.filter(number=number).first()
        or Refusal.objects.filter(number=number).first()
    )


def proof_of(given: Answer) -> Proof | None:
    """The inclusion proof of the answer's leaf, None while no checkpoint covers it."""
    return tree.prove(given.entry)
