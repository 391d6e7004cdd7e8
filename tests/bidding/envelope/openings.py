"""The whole way from shares to the package, as an opening goes it: what comes out, or the code of the refusal."""

from __future__ import annotations

import io
from collections.abc import Mapping

from bidding.envelope.manifest import check_manifest
from bidding.envelope.unpacking import OpenedPackage
from bidding.envelope.unsealing import check_rebuilt, unseal
from ledger.errors import Refused
from tests.bidding.envelope.makers import SealedBid


def opened(bid: SealedBid, shares: Mapping[int, bytes]) -> bytes:
    """The whole way: file key, MAC, stanza, payload, package, own key, stanza again."""
    received = bid.received
    file_key, payload = unseal(io.BytesIO(bid.data), len(bid.data), received, shares, bid.sheet)
    package = OpenedPackage(payload, payload.length)
    check_manifest(package.manifest, bid.sheet, bid.submission)
    check_rebuilt(received, file_key, bid.sheet, package.manifest.own_key)
    package.verify()
    payload.seek(0)
    return io.BufferedReader(payload).read()


def outcome(bid: SealedBid, shares: Mapping[int, bytes]) -> bytes | str:
    """The package, or the code of the refusal."""
    try:
        return opened(bid, shares)
    except Refused as refusal:
        return refusal.codes[0]
