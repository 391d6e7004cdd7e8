"""Steps 2 to 6: covers, sealing, upload, receipts; replacing, withdrawing; the deadline, and one who comes after it."""

from __future__ import annotations

from dataclasses import replace

from bidding.client.sealing import SealedBid
from config.demo.play.bidder import Bidder
from config.demo.play.client import until
from config.demo.play.stage import Offer, Person
from config.demo.play.tale import Tale, instant
from ledger.errors import Refused

LATE_PRICE = "9777000.00"
VEILED = "ledger:veiled:added"


def cover(tale: Tale) -> None:
    """The bank issues guarantees, and statements for deposits it received."""
    with tale.narrator.step(2, "投标担保", "Covers", until="config:clock:moved"):
        tale.troupe.operator.move_clock(instant("2026-03-20 14:00"))
        for lot, case in tale.pairs:
            bidders = [offer.bidder for offer in case.offers] + ([case.late] if case.late else [])
            for at, bidder in enumerate(bidders):
                tale.covers[lot, bidder] = tale.troupe.guarantor.cover(
                    lot, bidder, tale.troupe.cast.purchaser, case.bond, tale.deadline, deposit=at % 3 == 2
                )
        tale.troupe.guarantor.say(
            "在平台外向投标人开具保函、出具保证金到账证明", "hands guarantees and deposit statements to the bidders"
        )


def bid(tale: Tale) -> None:
    """Every bid is sealed on the bidder's own machine and sent."""
    with tale.narrator.step("3–5", "加密、上传、回执", "Seal, upload, receipt", until=VEILED):
        for lot, case in tale.pairs:
            for offer in case.offers:
                _bid(tale, lot, offer)


def _bid(tale: Tale, lot: str, offer: Offer) -> None:
    bidder, behind = tale.bidder(offer.bidder), tale.covers[lot, offer.bidder]
    if offer.first_price:
        _first_try(bidder, lot, offer, behind)
    if offer.withdrawn_first:
        first = bidder.send(bidder.seal(lot, offer.withdrawn_first, offer.days, behind))
        bidder.withdraw(lot, first)
        bidder.say("递交后又撤回", "sends a bid and withdraws it")
    sent = bidder.send(bidder.seal(lot, offer.price, offer.days, behind))
    tale.sent[lot, offer.bidder] = sent
    number = sent.receipt.number
    bidder.say(f"{lot} 递交密封投标文件，回执 {number}", f"sends a sealed bid, receipt {number}")


def _first_try(bidder: Bidder, lot: str, offer: Offer, behind: bytes) -> None:
    """A bid that is replaced later; one above the ceiling is stopped by the bidder's own client."""
    try:
        bidder.send(bidder.seal(lot, offer.first_price, offer.days, behind))
    except Refused as refusal:
        bidder.refused(refusal)
    else:
        bidder.say("先递交一份，随后替换", "sends a bid that it will replace")


def prove(tale: Tale) -> None:
    """Every receipt is found in the public log, with a checked proof."""
    with tale.narrator.step(5, "回执入链证明", "Receipts proved", until=""):
        for (_lot, person), sent in tale.sent.items():
            tale.bidder(person).prove(sent)
        count = len(tale.sent)
        tale.narrator.fact(
            f"{count} 份回执均可在公开日志中验证", f"{count} receipts are proved to be in the public log"
        )


def close(tale: Tale) -> None:
    """The deadline passes; one who was ready before it sends after it."""
    late = [(lot, case.late) for lot, case in tale.pairs if case.late]
    ready = [(tale.bidder(person), _ready(tale, lot, person)) for lot, person in late]
    with tale.narrator.step(6, "投标截止", "Closing", until="bidding:lot:closed", times=len(tale.lots)):
        tale.troupe.operator.move_clock(tale.deadline)
        for bidder, sealed in ready:
            try:
                bidder.send(sealed)
            except Refused as refusal:
                bidder.refused(refusal)
    agent = tale.troupe.agent
    with tale.narrator.step(6, "不足三家的标段", "Lots with fewer than three", until=""):
        for lot in tale.lots:
            stage = until(lambda lot=lot: agent.settled(lot), f"{lot} to be counted")  # type: ignore[misc]
            if stage == "failed":
                tale.narrator.fact(f"{lot} 流标，未开启任何投标文件", f"{lot} fails; nothing is opened")
            else:
                tale.opened.append(lot)


def _ready(tale: Tale, lot: str, person: Person) -> SealedBid:
    """Sealed, and the cover lodged, before the deadline."""
    bidder = tale.bidder(person)
    sealed = bidder.seal(lot, LATE_PRICE, 299, tale.covers[lot, person])
    bidder.lodge(sealed)
    return replace(sealed, cover=None)
