"""Signatures of people: a CMS signature counts when its certificate is enrolled here for that very account.

Enters: data, signature, the account that should have signed, the instant. Leaves: the certificate, or `Refused`.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509

from ledger import cms
from ledger.errors import Reason, Refused, _
from trading import authority
from trading.models import Account, Certificate, Party


def check_account(data: bytes, signature: bytes, account: Account, at: datetime) -> x509.Certificate:
    """Check that `account` signed `data`; signature.* otherwise."""
    return _check(data, signature, at, account=account)


def check_party(data: bytes, signature: bytes, party: Party, at: datetime) -> x509.Certificate:
    """Check that somebody of `party` signed `data`."""
    return _check(data, signature, at, account__party=party)


def _check(data: bytes, signature: bytes, at: datetime, **whose: object) -> x509.Certificate:
    certificate = cms.verify(data, signature, authority.roots(), at)
    if not Certificate.objects.filter(fingerprint=cms.fingerprint(certificate), **whose).exists():
        raise Refused(Reason("signature.not_yours", _("The signature was made with somebody else's certificate.")))
    return certificate
