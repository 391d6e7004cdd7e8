"""The bidder's commands: prepare, check, seal, send, go on, look, prove, withdraw, give the own share.

Enters: the arguments of a command. Leaves: lines for a person; the sealed file and what belongs to it in the folder.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bidding.client import dated, looking, own_share, preparing, submitting
from bidding.client.access import folder_of, session_of
from bidding.client.kept import BIDS, place_for, sheet_beside, unsent
from bidding.client.kept import fetch as fetch_kept
from bidding.client.reading import read_receipt
from bidding.client.sealing import Offer, SealedBid, files_in, offer_blockers, read_sealed, seal_bid, signed_sheet_of
from bidding.client.session import Session
from bidding.client.showing import ERR, OUT, FinishLine, bar
from bidding.client.unchanged import check_unchanged
from bidding.envelope.policy import in_words
from bidding.envelope.sheet import policy_of
from bidding.preflight.finding import Finding
from bidding.submission.receipt import CheckedReceipt, check_receipt
from ledger.catalogue import say
from ledger.errors import _, refuse, refused


def own_key(given: Namespace) -> None:
    """Make the own key."""
    key = folder_of(given).make_own_key(plain=given.plain).recipient
    OUT.print(say(_("public key: %(key)s"), given.language) % {"key": key}, soft_wrap=True, markup=False)


def _desk(session: Session, lot: str) -> dict[str, Any]:
    return session.get(f"/bidding/lots/{lot}/")


def papers(given: Namespace) -> None:
    """Fetch the blanks."""
    session = session_of(given)
    for path in preparing.fetch_blanks(session, _desk(session, given.lot), given.to):
        OUT.print(str(path), soft_wrap=True)


def _check_places(given: Namespace) -> None:
    """Refused when the folder of files, or the cover, is not there."""
    if not given.files.is_dir():
        refused("client.no_folder", _("The folder %(name)s is not there."), name=str(given.files))
    if given.cover is not None and not given.cover.is_file():
        refused("client.no_file", _("%(name)s is not there."), name=str(given.cover))


def _offer(given: Namespace, desk: Mapping[str, Any]) -> Offer:
    return preparing.read_offer(
        desk, given.files, price=given.price, days=given.days, items=tuple(given.item), cover=given.cover
    )


def _look_through(given: Namespace, desk: Mapping[str, Any], offer: Offer) -> list[Finding]:
    """Check the package and say what was found: what blocks, and what only warns."""
    found = preparing.check(desk, offer, lambda name: ERR.print(f"… {name}", soft_wrap=True, markup=False))
    for one in sorted(found, key=lambda one: not one.blocks):
        word = say(_("STOP") if one.blocks else _("warning"), given.language)
        ERR.print(f"{word}: {one.say(given.language)} ({one.code})", soft_wrap=True, markup=False)
    return found


def check(given: Namespace) -> None:
    """Check files and price against the lot's rules; refused with what would stop the sealing."""
    _check_places(given)
    session = session_of(given)
    desk = _desk(session, given.lot)
    offer = _offer(given, desk)
    found = _look_through(given, desk, offer)
    refuse(offer_blockers(offer, desk))
    words = say(_("%(files)s files checked, %(warnings)s warnings"), given.language)
    OUT.print(words % {"files": len(files_in(given.files)), "warnings": len(found)})


def seal(given: Namespace) -> SealedBid:
    """Show who can open, check, seal."""
    _check_places(given)
    session, folder = session_of(given), folder_of(given)
    desk, roots = _desk(session, given.lot), folder.roots()
    sheet = signed_sheet_of(desk, roots, session.clock())
    OUT.print(in_words(policy_of(sheet), lambda text: say(text, given.language)), soft_wrap=True)
    for leaf in desk["sheet"]["leaves"]:
        OUT.print(f"  {leaf['label']}  {leaf['name']}  {leaf['key_words']}", soft_wrap=True, markup=False)
    offer = _offer(given, desk)
    _look_through(given, desk, offer)
    to = given.out or place_for(given.folder, given.lot, session.clock())
    own = folder.own_recipient()
    with bar(_("sealing"), given.language) as progress:
        made = seal_bid(
            offer, desk, pen=folder.pen(), roots=roots, at=session.clock(), to=to, own=own, progress=progress
        )
    _say_sealed(made, offer, given.language)
    return made


def _say_sealed(made: SealedBid, offer: Offer, language: str) -> None:
    words = say(_("%(price)s yuan, %(days)s days, %(count)s files, %(size)s bytes, id %(id)s"), language)
    facts = {"price": offer.price, "days": offer.days, "count": len(files_in(offer.files)), "size": made.size}
    OUT.print(words % {**facts, "id": made.submission}, soft_wrap=True)
    OUT.print(f"SHA-256 {made.digest}\n{made.path}", soft_wrap=True, markup=False)
    OUT.print(say(_("Nothing has left this machine yet."), language))


KINDS = {
    "sealed": _("sealed"),
    "withdrawn": _("withdrawn"),
    "refused": _("refused"),
    "not_withdrawn": _("withdrawal refused"),
}
STATES = {
    "incomplete": _("incomplete"),
    "deciding": _("being decided"),
    "expired": _("expired"),
    "ended": _("ended"),
}


def _say(checked: CheckedReceipt, language: str) -> None:
    says, kind = checked.entry.values, say(KINDS[checked.kind], language)
    facts = {"kind": kind, "lot": says["lot"], "number": checked.number, "at": says["stamp"].isoformat()}
    OUT.print(say(_("%(kind)s  %(lot)s  number %(number)s  at %(at)s"), language) % facts, soft_wrap=True)
    for code in says.get("codes", ()):
        OUT.print(f"  {code}")


def _send(given: Namespace, bids: Sequence[SealedBid]) -> None:
    session, roots = session_of(given), folder_of(given).roots()
    for one in bids:
        desk = _desk(session, one.lot)
        finish = FinishLine.for_desk(desk, session.clock, given.language)
        with bar(_("comparing"), given.language) as progress:
            check_unchanged(one, progress)
        with bar(_("sending"), given.language, finish) as progress:
            checked = submitting.deliver(session, one, roots, progress=progress)
        _say(checked, given.language)


def submit(given: Namespace) -> None:
    """Send a sealed bid; keep and show its receipt."""
    _send(given, [read_sealed(given.file)])


def bid(given: Namespace) -> None:
    """Check, seal and send."""
    _send(given, [seal(given)])


def resume(given: Namespace) -> None:
    """Send every bid in the folder that has no receipt yet; what the site has already is not sent again."""
    waiting, damaged = unsent(given.folder)
    if not waiting and not damaged:
        OUT.print(say(_("Every sealed bid in the folder has its receipt."), given.language))
    _send(given, waiting)
    refuse(damaged)


def status(given: Namespace) -> None:
    """Ask whether it arrived."""
    one = read_sealed(given.file)
    state = submitting.status(session_of(given), one)
    if "receipt" in state:
        _say(check_receipt(state["receipt"], folder_of(given).roots()), given.language)
    else:
        word = say(STATES.get(state["state"], state["state"]), given.language)
        words = say(_("%(state)s  %(offset)s of %(length)s bytes"), given.language)
        OUT.print(words % {"state": word, "offset": state["offset"], "length": state["length"]})


def proof(given: Namespace) -> None:
    """Fetch and check the inclusion proof, and the timestamp over the receipt's signature."""
    folder, one, kept = folder_of(given), read_sealed(given.file), given.file.with_suffix(".receipt.json")
    if not kept.exists():
        text = _("%(name)s is not there yet: send the bid first, or ask for its status.")
        refused("client.no_receipt_yet", text, name=str(kept))
    session = session_of(given)
    checked = submitting.check_own_receipt(read_receipt(kept), one, folder.roots())
    covered = submitting.fetch_proof(session, one, checked, folder.log_key())
    words = _("in the log") if covered else _("not under a checkpoint yet; ask again in a minute")
    OUT.print(say(words, given.language))
    trusted = folder.timestamp_roots()
    at = dated.fetch_timestamp(session, one, checked, trusted) if trusted else None
    _say_timestamp(at, given.language, pinned=bool(trusted))


def _say_timestamp(at: datetime | None, language: str, *, pinned: bool) -> None:
    if at is not None:
        OUT.print(say(_("a timestamp authority saw the signature at %(at)s"), language) % {"at": at.isoformat()})
    elif pinned:
        OUT.print(say(_("no timestamp yet; ask again in a minute"), language))
    else:
        OUT.print(say(_("the timestamp was not checked: no authority of timestamps is pinned"), language))


def withdraw(given: Namespace) -> None:
    """Withdraw the live envelope; the receipt, or the signed refusal, is kept among the bids."""
    roots, kept = folder_of(given).roots(), given.folder / BIDS
    _say(submitting.withdraw(session_of(given), given.lot, given.number, roots, kept=kept), given.language)


def verify(given: Namespace) -> None:
    """Check a receipt without the site: signature, and timestamp and place in the log where it holds them."""
    file, folder = read_receipt(given.file), folder_of(given)
    checked, trusted = check_receipt(file, folder.roots()), folder.timestamp_roots()
    at = dated.stamped_at(file, checked, trusted) if trusted else None
    if "proof" in file:
        submitting.check_proof(checked.leaf_hash, file["proof"], folder.log_key())
    _say(checked, given.language)
    if "proof" in file:
        OUT.print(say(_("in the log"), given.language))
    _say_timestamp(at, given.language, pinned=bool(trusted))


def fetch(given: Namespace) -> None:
    """Get the own sealed bid back."""
    session, roots = session_of(given), folder_of(given).roots()
    with bar(_("fetching"), given.language) as progress:
        made = fetch_kept(session, given.folder, given.lot, given.number, roots, progress)
    OUT.print(str(made.path), soft_wrap=True)


def look(given: Namespace) -> None:
    """Open the own sealed bid with the own key, and say what is in it."""
    folder, one = folder_of(given), read_sealed(given.file)
    kept = given.file.with_suffix(".receipt.json")
    receipt = check_receipt(read_receipt(kept), folder.roots()) if kept.exists() else None
    with bar(_("looking"), given.language) as progress:
        found = looking.look(
            given.file, one.submission, sheet_beside(given.file), folder.own_key(), roots=folder.roots(),
            receipt=receipt, extract=given.to, progress=progress,
        )  # fmt: skip
    manifest = found.manifest
    OUT.print(f"{manifest.lot}  {manifest.price}  {manifest.name}  {manifest.time.isoformat()}", markup=False)
    for item in manifest.items:
        OUT.print(f"  {item.name} = {item.value}", markup=False)
    for entry in manifest.files:
        OUT.print(f"  {entry.name}  {entry.size}  {entry.sha256.hex()}", soft_wrap=True, markup=False)
    OUT.print(say(_("as the receipt says") if receipt else _("no receipt lies beside it"), given.language))


def give_share(given: Namespace) -> None:
    """Give the own share at the opening."""
    folder = folder_of(given)
    receipts = list(own_share.own_receipts(given.folder, folder.roots()))
    own_share.give_share(session_of(given), given.lot, folder.own_key(), receipts)
    OUT.print(say(_("Your share is given."), given.language))
