"""Look at what was sealed: open the own envelope with the own key, and check it as the opening will (sealing.md).

Enters: a sealed file, the bidder's own identity; the custody sheet and the receipt where they are at hand. Leaves: the
manifest and what was checked, by numbers; the files, if wanted. The own key is for looking: it rescues no opening.

1. the file is the one of the receipt   2. the own key opens its header   3. the stanza was sealed by the rule, so every
quorum can open it   4. the manifest is signed by a certificate of the bidder   5. lot, round, sheet, submission
6. every file is the one that the manifest names, and the padding is zeros
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography import x509

from bidding.client.sealing import Progress, no_progress
from bidding.custody.signed_sheet import credit_code_of
from bidding.envelope.header import ENVELOPE
from bidding.envelope.manifest import Manifest, check_manifest
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.sheet import CustodySheet, policy_of
from bidding.envelope.unpacking import OpenedPackage
from bidding.envelope.unsealing import check_rebuilt, open_payload, own_file_key
from bidding.envelope.x25519 import Identity
from bidding.submission.receipt import CheckedReceipt
from ledger import cms
from ledger.errors import _, refused

BLOCK = 1 << 20


@dataclass(frozen=True)
class Looked:
    """What the own envelope holds: `digest` of the sealed file, `signer` of the manifest."""

    manifest: Manifest
    digest: str
    signer: x509.Certificate


def check_receipted(sealed: BinaryIO, size: int, receipt: CheckedReceipt | None, progress: Progress) -> str:
    """1. The digest of the file; refused `bidding.other_receipt` when the receipt speaks of another."""
    sealed.seek(0)
    digest, done = hashlib.sha256(), 0
    while block := sealed.read(BLOCK):
        digest.update(block)
        done += len(block)
        progress(done, 2 * size)
    says = receipt.entry.values if receipt else {}
    if receipt is not None and (receipt.kind, says.get("digest"), says.get("size")) != (
        "sealed",
        digest.digest(),
        done,
    ):
        refused("bidding.other_receipt", _("The receipt speaks of another file than the one that was sent."))
    return digest.hexdigest()


def look(
    path: Path,
    submission: str,
    sheet: CustodySheet,
    identity: Identity,
    *,
    roots: Sequence[x509.Certificate],
    receipt: CheckedReceipt | None = None,
    extract: Path | None = None,
    progress: Progress = no_progress,
) -> Looked:
    """Open and check the whole envelope; write its files into `extract` if given. Refused as the opening would."""
    size = path.stat().st_size
    with path.open("rb") as sealed:
        digest = check_receipted(sealed, size, receipt, progress)
        sealed.seek(0)
        received = check_header(sealed.read(ENVELOPE.header), sheet=sheet, submission=submission, size=size)
        file_key = own_file_key(received, identity)  # 2
        package = OpenedPackage(open_payload(sealed, size, received, file_key), received.package_length)
        _check_honest(received, file_key, sheet, package.manifest)  # 3
        manifest = package.manifest
        signer = cms.verify(package.manifest_bytes, package.signature, roots, manifest.time)  # 4
        if credit_code_of(signer) != manifest.credit_code:
            refused(
                "bidding.other_certificate", _("The certificate was issued for another organisation than the bidder.")
            )
        check_manifest(manifest, sheet, submission)  # 5
        _read_files(package, extract, lambda done: progress(size + min(done, size), 2 * size))  # 6
    return Looked(manifest, digest, signer)


def _check_honest(received: ReceivedHeader, file_key: bytes, sheet: CustodySheet, manifest: Manifest) -> None:
    asks = policy_of(sheet).asks_bidder
    check_rebuilt(received, file_key, sheet, manifest.own_key if asks else None)


def _read_files(package: OpenedPackage, extract: Path | None, tell: Callable[[int], None]) -> None:
    done = 0
    for entry in package.manifest.files:
        sink: io.BufferedIOBase | None = None
        if extract is not None:
            extract.mkdir(mode=0o700, parents=True, exist_ok=True)
            sink = (extract / entry.name).open("xb")
        try:
            for block in package.read(entry):
                done += len(block)
                tell(done)
                if sink is not None:
                    sink.write(block)
        finally:
            if sink is not None:
                sink.close()
    package.check_padding()
