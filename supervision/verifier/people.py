"""Pure. Checks 10 and 11: whether everybody who signed or acted was known to the log, and entitled to it.

10. Every certificate by which something here was signed was issued in the log before that, with the end that it has;
    where an entry names it, to the account that acted.
11. Every body is registered under the name and number that the notice gives; every act that belongs to a body, to the
    clock or to a bidder was done by it; round and times fit together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from ledger.errors import Reason, _
from supervision.verifier.belonging import ENROLLED, OPENED, REGISTERED, bodies, certificates, ends
from supervision.verifier.case import Case, Happened, fault
from supervision.verifier.check import Check, Found
from supervision.verifier.notice import record_of
from supervision.verifier.trust import Trust

CLOCK = "clock"
SIDE = frozenset({"purchaser", "agent"})
CUSTODY = frozenset({"agent", "centre", "regulator"})
BIDDER = frozenset({"bidder"})
LETTERS = {"a": "agent", "c": "centre", "r": "regulator"}
SEED_BODIES = {"agent": "agent", "supervisor": "regulator", "centre": "centre"}
SLACK = timedelta(hours=1)  # an act is stamped first and takes its place in the log a little later
# Who may leave which entry. The tables of acts of the rooms say the same.
ACTORS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "trading:tender:drafted", "trading:tender:amended", "trading:lot:drafted", "trading:lot:amended",
            "trading:paper:added", "trading:paper:dropped", "trading:notice:published", "trading:lot:noticed",
            "trading:question:answered", "trading:addendum:issued", "trading:deadline:moved",
            "trading:candidates:published", "trading:contract:drawn", "trading:objection:answered",
        ), SIDE,
    ),
    **dict.fromkeys(
        (
            "trading:lot:closing", "trading:lot:overdue", "trading:publicity:ended", "trading:failure:noticed",
            "bidding:lot:closed", "bidding:lot:failed", "bidding:envelope:decided", "bidding:testimony:refuted",
            "bidding:prices:read", "bidding:window:closed", "bidding:rehearsal:opened", "bidding:rehearsal:failed",
            "guarantees:guarantee:recognised", "guarantees:guarantee:released",
            "supervision:trail:counted", "supervision:alarm:raised", "supervision:archive:made",
        ), frozenset({CLOCK}),
    ),
    **dict.fromkeys(
        (
            "bidding:key:registered", "bidding:sheet:signed", "bidding:sheet:sealed", "bidding:share:released",
            "bidding:rehearsal:given",
        ), CUSTODY,
    ),
    **dict.fromkeys(
        (
            "bidding:objection:raised", "bidding:record:confirmed", "bidding:testimony:rebutted", "bidding:share:given",
            "trading:objection:made",
        ), BIDDER,
    ),
    **dict.fromkeys(
        (
            "bidding:hall:opened", "bidding:window:opened", "bidding:objection:answered", "experts:draw:requested",
            "evaluation:room:opened", "bidding:policy:chosen", "bidding:rehearsal:sealed",
        ), frozenset({"agent"}),
    ),
    **dict.fromkeys(("experts:seed:committed", "experts:seed:revealed", "experts:draw:drawn"), CUSTODY),
    **dict.fromkeys(("experts:pool:frozen", "experts:invitation:lapsed"), frozenset({"centre"})),
    **dict.fromkeys(("supervision:bundle:exported", "supervision:alarm:settled"), frozenset({"regulator"})),
    **dict.fromkeys(("trading:contract:endorsed", "trading:contract:signed"), frozenset({"purchaser", "bidder"})),
    **dict.fromkeys(("trading:deadline:extended", "bidding:opening:interrupted"), frozenset({CLOCK})),
    **dict.fromkeys(("bidding:opening:paused", "bidding:waiting:ended"), frozenset({"regulator"})),
    # After more than a day, and after a long outage, the clock lets an opening go on.
    **dict.fromkeys(("bidding:opening:resumed", "bidding:opening:rescheduled"), frozenset({CLOCK, "regulator"})),
    # The clock lifts at the reading of prices, the witness what came later, in signing the record.
    "ledger:veiled:lifted": frozenset({CLOCK, "centre"}),
    # The clock says it, or the host in signing, if the clock has not come to it yet.
    "bidding:silence:accepted": frozenset({CLOCK, "agent"}),
    "bidding:opening:failed": frozenset({"centre"}),
    "bidding:record:signed": frozenset({"agent", "centre"}),
    "bidding:lot:opened": frozenset({"centre"}),
    "trading:award:noticed": frozenset({"purchaser"}),
    "guarantees:claim:filed": frozenset({"purchaser"}),
    "guarantees:claim:paid": frozenset({"guarantor"}),
}  # fmt: skip


def enrolled(case: Case, trust: Trust) -> Found:
    """Check 10."""
    issued = {one["fingerprint"]: one for one in reversed(case.all(ENROLLED))}
    text = _("The certificate %(print)s, by which something was signed, was not issued in the log before that.")
    for digest in sorted(certificates(case, trust) - issued.keys()):
        yield fault("certificate", text, print=digest.hex())
    for digest, until in ends(case, trust).items():
        if digest in issued and issued[digest]["until"] != until:
            end = _("The log says of the certificate %(print)s another end than it has.")
            yield fault("certificate_until", end, print=digest.hex())
    for one in case.open:
        named = issued.get(one.entry.values.get("certificate"))
        if named is not None and one.index < named.index:
            yield fault("certificate", text, print=named["fingerprint"].hex())
        if named is not None and named["account"] != one.by:
            other = _("Entry %(index)s (%(tag)s) was left by another account than the one that signed.")
            yield fault("certificate_account", other, index=one.index, tag=one.tag)


def entitled(case: Case, _trust: Trust) -> Found:
    """Check 11."""
    number, names = record_of(case).round, bodies(case)
    for office, body in names.items():
        if not case.all(REGISTERED, credit_code=body.credit_code, name=body.name):
            text = _("The %(office)s of the notice is not the body that is registered under this number.")
            yield fault("body", text, office=office)
    people = _people(case)
    for one in case.open:
        yield from _acted(one, people)
    for one in (*case.open, *case.inner):
        own = 0 if one.entry.values.get("lot") == case.tender else number  # the rehearsal's sheet has round 0
        if one.entry.values.get("round", own) != own:
            text = _("Entry %(index)s (%(tag)s) belongs to another round.")
            yield fault("round", text, index=one.index, tag=one.tag)
    yield from _in_time(case)


def _people(case: Case) -> Mapping[str, str | None]:
    """What each account may act as: the office of its body in this tender, or its role; None when it has neither."""
    offices = {body.credit_code: office for office, body in bodies(case).items()}
    parties = {one["party"]: offices.get(one["credit_code"]) for one in case.all(REGISTERED)}
    found: dict[str, str | None] = {CLOCK: CLOCK}
    for one in case.all(OPENED):
        is_so = one["role"] in {parties.get(one["party"]), "bidder", "guarantor"}
        found[one["account"]] = one["role"] if is_so else None
    return found


def _acted(one: Happened, people: Mapping[str, str | None]) -> Iterator[Reason]:
    allowed = ACTORS.get(one.tag)
    if allowed is None:
        return
    values = one.entry.values
    leaf = values.get("label", values.get("leaf"))
    if one.tag.startswith("experts:seed:"):
        allowed &= {SEED_BODIES.get(values["body"])}
    elif allowed is CUSTODY and leaf is not None:
        allowed &= {LETTERS.get(leaf[:1])}
    if people.get(one.by) not in allowed:
        text = _("Entry %(index)s (%(tag)s) was left by somebody who may not do this.")
        yield fault("actor", text, index=one.index, tag=one.tag)


def _in_time(case: Case) -> Iterator[Reason]:
    """Nothing is stamped long before what stands before it in the log."""
    newest = None
    for one in sorted((*case.open, *case.inner), key=lambda one: one.index):
        if newest is not None and one.at < newest - SLACK:
            text = _("Entry %(index)s (%(tag)s) is stamped long before those that stand before it.")
            yield fault("backdated", text, index=one.index, tag=one.tag)
        newest = max(newest or one.at, one.at)


CHECKS = (
    Check(10, _("Every signer's certificate was issued in the log"), enrolled),
    Check(11, _("Everybody who acted was entitled to it"), entitled),
)
