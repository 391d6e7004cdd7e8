"""Send a sealed file by tus, hold the receipt, and check both it and its proof (sealing.md, "Receipt").

Enters: a session, a sealed bid, pinned roots and log key. Leaves: `<name>.receipt.json` and `<name>.proof.json`, both
checked; or the refusal, signed by the platform. A cut connection is taken up where it broke, by the address kept in
`<name>.tus`.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.uploader.uploader import Uploader

from bidding.client.passing import keep
from bidding.client.reading import read_object
from bidding.client.sealing import Progress, SealedBid, no_progress
from bidding.client.session import ProblemError, Session, problem_of, unreachable
from bidding.client.unchanged import check_unchanged
from bidding.submission.inclusion import check_inclusion
from bidding.submission.receipt import CheckedReceipt, check_receipt
from ledger import note
from ledger.errors import _, refused

CHUNK = 1 << 23
TRIES = 12
PAUSE = 1.0


def upload(session: Session, bid: SealedBid, *, progress: Progress = no_progress, chunk: int = CHUNK) -> None:
    """Send the whole file; `ProblemError` when the site refuses it, with its signed refusal."""
    for attempt in range(TRIES):
        try:
            _send(session, bid, progress, chunk)
        except (TusCommunicationError, TusUploadFailed) as error:
            if error.status_code is not None and error.status_code not in {409, 410, 404, 502, 503}:
                raise problem_of(error.status_code, error.response_content or b"") from error
            _look_again(session, bid, error)
            if attempt == TRIES - 1:
                content = error.response_content or b""
                raise (problem_of(error.status_code, content) if error.status_code else unreachable()) from error
            time.sleep(PAUSE * attempt)
        else:
            return


def _look_again(session: Session, bid: SealedBid, error: TusCommunicationError | TusUploadFailed) -> None:
    """After a broken answer: a refusal that was meant for us is heard; an address that is gone is forgotten."""
    if error.status_code in {404, 410}:
        bid.path.with_suffix(".tus").unlink(missing_ok=True)
    try:
        state = status(session, bid)
    except ProblemError as nothing:
        if nothing.status not in {0, 404}:
            raise
        return
    if state["state"] == "refused":
        raise _refusal(state["receipt"])


def _refusal(file: dict[str, Any]) -> ProblemError:
    """A signed refusal as the error that it is."""
    reasons = [{"code": code, "text": code} for code in file["says"]["codes"]]
    return ProblemError(422, {"reasons": reasons, "receipt": file})


def _send(session: Session, bid: SealedBid, progress: Progress, chunk: int) -> None:
    client = TusClient(f"{session.site}/bidding/tus/", headers=session.headers)
    metadata = {"lot": bid.lot, "id": bid.submission}
    url = _kept_address(bid)
    with bid.path.open("rb") as file:
        uploader: Uploader = client.uploader(file_stream=file, metadata=metadata, chunk_size=chunk, url=url)
        if uploader.url is None:
            url = uploader.create_url()
            uploader.set_url(url)
            keep(bid.path.with_suffix(".tus"), {"id": bid.submission, "url": url})
        progress(uploader.offset, bid.size)
        while uploader.offset < bid.size:
            uploader.upload_chunk()  # type: ignore[no-untyped-call]  # tuspy types half of itself
            progress(uploader.offset, bid.size)


def _kept_address(bid: SealedBid) -> str | None:
    """Where an earlier try of this very file went; a file sealed anew under the same name begins anew."""
    kept = bid.path.with_suffix(".tus")
    facts = (read_object(kept) or {}) if kept.exists() else {}
    return str(facts["url"]) if facts.get("id") == bid.submission and "url" in facts else None


def status(session: Session, bid: SealedBid) -> dict[str, Any]:
    """Did my id arrive?"""
    return session.get(f"/bidding/lots/{bid.lot}/submissions/{bid.submission}")


def check_own_receipt(file: dict[str, Any], bid: SealedBid, roots: Sequence[x509.Certificate]) -> CheckedReceipt:
    """The receipt, once it holds and speaks of exactly this file."""
    checked = check_receipt(file, roots)
    says = checked.entry.values
    expected = {"lot": bid.lot, "submission": bid.submission, "size": bid.size}
    digests = {"digest": bid.digest, "header": bid.header}
    if (
        checked.kind != "sealed"
        or any(says[name] != value for name, value in expected.items())
        or any(says[name].hex() != value for name, value in digests.items())
    ):
        refused("bidding.other_receipt", _("The receipt speaks of another file than the one that was sent."))
    return checked


def submit(
    session: Session, bid: SealedBid, roots: Sequence[x509.Certificate], *, progress: Progress = no_progress
) -> CheckedReceipt:
    """Look whether the file is still the one that was sealed, then `deliver` it."""
    check_unchanged(bid)
    return deliver(session, bid, roots, progress=progress)


def deliver(
    session: Session, bid: SealedBid, roots: Sequence[x509.Certificate], *, progress: Progress = no_progress
) -> CheckedReceipt:
    """Lodge the cover if there is one, send the file, and return the checked receipt; a signed refusal is kept too.

    A receipt for other bytes (the file was changed while it was being sent) is kept as well, for it counts: refused
    `client.other_bytes_live`.
    """
    if bid.cover is not None:
        session.post(f"/bidding/lots/{bid.lot}/cover", {"sealed": bid.cover.read_bytes()})
    try:
        upload(session, bid, progress=progress)
        file = _wait_for_receipt(session, bid)
    except ProblemError as problem:
        if problem.receipt is not None:
            keep(bid.path.with_suffix(".refusal.json"), problem.receipt)
        raise
    return keep_receipt(file, bid, roots)


def keep_receipt(file: dict[str, Any], bid: SealedBid, roots: Sequence[x509.Certificate]) -> CheckedReceipt:
    """Keep what the platform signed about this submission; the checked receipt when it is for the bytes sealed."""
    checked, kept = check_receipt(file, roots), bid.path.with_suffix(".receipt.json")
    says = checked.entry.values
    if (checked.kind, says["lot"], says.get("submission")) == ("sealed", bid.lot, bid.submission):
        keep(kept, file)
        if says["digest"].hex() != bid.digest:
            text = _(
                "The receipt is for other bytes than those that were sealed. It is kept in %(name)s, and that envelope"
                " is now the live one of this lot: seal the bid again and send the new one, which takes its place."
            )
            refused("client.other_bytes_live", text, name=str(kept))
    return check_own_receipt(file, bid, roots)


def _wait_for_receipt(session: Session, bid: SealedBid) -> dict[str, Any]:
    for attempt in range(TRIES):
        state = status(session, bid)
        if state["state"] == "refused":
            raise _refusal(state["receipt"])
        if "receipt" in state:
            file: dict[str, Any] = state["receipt"]
            return file
        time.sleep(PAUSE * attempt)
    return refused("client.no_receipt", _("The site has the file and has not decided it yet; ask again later."))


def fetch_proof(session: Session, bid: SealedBid, checked: CheckedReceipt, log_key: str) -> bool:
    """Fetch and check the inclusion proof of the receipt; False while no checkpoint covers it."""
    facts = session.get(f"/bidding/lots/{bid.lot}/receipts/{checked.number}/proof")
    if not facts["covered"]:
        return False
    check_proof(checked.leaf_hash, facts, log_key)
    keep(bid.path.with_suffix(".proof.json"), facts)
    return True


def raw_log_key(verifier_key: str) -> bytes:
    """The 32 bytes of the log's key in its `name+hash+base64` form."""
    return base64.b64decode(verifier_key.split("+", 2)[2])[1:]


def check_proof(leaf: bytes, facts: object, log_key: str) -> note.Checkpoint:
    """The checkpoint that covers the leaf; refused `bidding.proof`."""
    return check_inclusion(leaf, facts, log_key.split("+", 1)[0], raw_log_key(log_key))


def withdraw(
    session: Session, lot: str, number: str, roots: Sequence[x509.Certificate], *, kept: Path | None = None
) -> CheckedReceipt:
    """Withdraw the live envelope with this receipt number; the checked receipt of the withdrawal, kept in `kept`.

    `ProblemError` when the site refuses it; the signed refusal is checked and kept too.
    """
    try:
        file = session.post(f"/bidding/lots/{lot}/withdraw", {"number": number})["receipt"]
    except ProblemError as problem:
        if problem.receipt is not None:
            _keep_withdrawal(problem.receipt, "not_withdrawn", (lot, number), roots, kept)
        raise
    return _keep_withdrawal(file, "withdrawn", (lot, number), roots, kept)


def _keep_withdrawal(
    file: dict[str, Any], kind: str, about: tuple[str, str], roots: Sequence[x509.Certificate], kept: Path | None
) -> CheckedReceipt:
    """The answer to a withdrawal, once it holds and speaks of it; a refusal may know no such envelope of the bidder."""
    checked = check_receipt(file, roots)
    lot, number = about
    known = {number, ""} if kind == "not_withdrawn" else {number}
    says = checked.entry.values
    if checked.kind != kind or says["lot"] != lot or says["withdraws"] not in known:
        refused("bidding.other_receipt", _("The receipt speaks of another withdrawal."))
    if kept is not None:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        ending = "receipt" if kind == "withdrawn" else "refusal"
        keep(kept / f"withdrawal-{checked.number}.{ending}.json", file)
    return checked
