"""Pure. A custody sheet with the custodians' signatures: what a sealing client checks before it seals (sealing.md).

Enters: the canonical bytes of a sheet, one CMS signature a leaf, trusted roots, an instant. Leaves: the sheet, once
every custodian has signed the whole of it with the certificate that stands in it, issued to the body that stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from bidding.envelope.sheet import CustodySheet, LeafKey, read_sheet
from ledger import cms
from ledger.errors import _, refused


def check_signed_sheet(
    data: bytes, signatures: Mapping[str, bytes], roots: Iterable[x509.Certificate], at: datetime
) -> CustodySheet:
    """The sheet; refused `bidding.sheet_unsigned`, `bidding.sheet_signer`, `signature.*`, or for the sheet's form."""
    sheet, trusted = read_sheet(data), tuple(roots)
    if set(signatures) != {leaf.label for leaf in sheet.leaves}:
        refused("bidding.sheet_unsigned", _("Not every custodian has signed the custody sheet."))
    for leaf in sheet.leaves:
        _check_signer(leaf, cms.verify(data, signatures[leaf.label], trusted, at))
    return sheet


def _check_signer(leaf: LeafKey, certificate: x509.Certificate) -> None:
    if cms.fingerprint(certificate) != leaf.certificate.hex() or credit_code_of(certificate) != leaf.holder:
        refused("bidding.sheet_signer", _("A signature under the custody sheet is not that of its custodian."))


def credit_code_of(certificate: x509.Certificate) -> str:
    """The credit code of the organisation that a certificate was issued for, "" without one."""
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value) if found else ""


def groups(fingerprint: str) -> str:
    """The first 128 bits of a hex digest in groups of four, to be read aloud and compared."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 32, 4))
