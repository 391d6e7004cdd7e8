"""Bundling: one tender's evidence as one archive, for everybody or for its regulator (ledger.md, "Bundle").

Enters: a tender, and one of its counts. Leaves: the bytes of an archive: the entries up to that count with their
inclusion paths under the first checkpoint that covers it, every object that they name and this kind of bundle may hold,
and what witnesses and a timestamp authority have said of the log since. The same state gives the same bytes: whoever
asks, in which process, on which day, in whichever order the database hands out its rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Max

from ledger import dating, objects, tree, witnessing
from ledger.bundle import FORMAT, Later, Leaf, pack, write_json, write_later, write_leaves
from ledger.errors import Reason, Refused, _, refused
from ledger.events import read_entry
from ledger.models import CheckpointRow, EntryRow
from supervision.cosigned import cosigned
from supervision.counting import counts, entries_about, scopes, upto
from supervision.evidence import Sources
from supervision.trusting import house_trust
from supervision.verifier.archive import members_of
from supervision.verifier.belonging import (
    ENROLLED,
    OPENED,
    REGISTERED,
    certificates,
    credit_codes,
)
from supervision.verifier.belonging import (
    accounts as accounts_in,
)
from supervision.verifier.case import (
    CHECKPOINT,
    ENTRIES,
    HEAD,
    LATEST,
    LIFTED,
    OBJECTS,
    PAGE,
    PRIVATE,
    PUBLIC,
    REGULATOR,
    TIMESTAMPS,
    WITNESSES,
    Case,
)
from supervision.verifier.naming import named
from supervision.verifier.readme import README
from trading.models import Certificate, Party, Tender

SPACE = "bundles"
LARGEST = 1 << 30  # an archive is made in memory
NOT_COUNTED = Reason(
    "supervision.not_counted", _("The evidence of this tender is being counted; ask again in a moment.")
)


def public_bundle(tender: Tender) -> bytes:
    """The public bundle, made once for a state. Refused `supervision.not_counted` until there is a count."""
    trail, state = covering(tender)
    seen = _seen(state)
    said = hashlib.sha256(b"".join(map(write_later, seen))).hexdigest()[:16]
    name = f"{SPACE}/{tender.code}/{trail.place.index}-{state.size}-{said}"
    if not objects.store().exists(name):
        objects.store().put(name, [bundle(tender, PUBLIC, trail=trail)])
    return objects.read(name)


def regulators_bundle(tender: Tender) -> bytes:
    """The bundle with the private evidence of every lot whose opening is over. Refused `supervision.bundle_large`."""
    return bundle(tender, REGULATOR)


def covering(tender: Tender, trail: EntryRow | None = None) -> tuple[EntryRow, CheckpointRow]:
    """The last count that is under a checkpoint, or that one, with the first checkpoint over it. Refused without."""
    end = CheckpointRow.objects.aggregate(end=Max("size"))["end"] or 0
    trail, state = trail or counts(tender).filter(place__index__lt=end).last(), None
    if trail is not None:
        state = CheckpointRow.objects.filter(size__gt=trail.place.index).order_by("size").first()
    if trail is None or state is None:
        raise Refused(NOT_COUNTED)
    return trail, state


def bundle(asked: Tender, kind: str, moment: str = LATEST, trail: EntryRow | None = None) -> bytes:
    """The bundle of this kind, up to a count: the last one unless another is given."""
    tender = Tender.objects.get(pk=asked.pk)
    trail, state = covering(tender, trail)
    rows = [*entries_about(tender).filter(place__index__lte=upto(trail)), trail]
    rows += _veiled(rows)
    bare = _case(tender, kind, state, rows)
    sources = Sources(tender, bare)
    case = _objects(bare, sources)
    rows += _enrolled(case, state)
    paths = tree.paths((row.place.index for row in rows), state.size)
    leaves = [Leaf(row.place.index, bytes(row.leaf), paths[row.place.index]) for row in rows]
    witnessed, stamped = _seen(state)
    made = replace(
        case, moment=moment, leaves=tuple(leaves), private=dict(sources.private()), witnessed=witnessed,
        stamped=stamped, _worked_out={},
    )  # fmt: skip
    return _packed(made)


def _packed(case: Case) -> bytes:
    head = {
        "format": FORMAT, "kind": case.kind, "lots": list(case.lots), "members": members_of(case),
        "moment": case.moment, "tender": case.tender,
    }  # fmt: skip
    parts = {
        PAGE: README, HEAD: write_json(head), CHECKPOINT: case.note, ENTRIES: write_leaves(list(case.leaves)),
        WITNESSES: write_later(case.witnessed), TIMESTAMPS: write_later(case.stamped),
    }  # fmt: skip
    parts |= {f"{OBJECTS}{name}": data for name, data in case.objects.items()}
    parts |= {f"{PRIVATE}{name}": data for name, data in case.private.items()}
    if sum(len(data) for data in parts.values()) > LARGEST:
        refused("supervision.bundle_large", _("The evidence of this tender is larger than 1 GiB."))
    return pack(parts)


def _seen(state: CheckpointRow) -> tuple[Later | None, Later | None]:
    """What witnesses, and a timestamp authority, said of this state or of a later one: the first that is there."""
    point, dated = cosigned(state.size), dating.dating(state.size)
    witnessed = stamped = None
    if point is not None:
        witnessed = Later(witnessing.cosigned_note(point), tuple(_between(state.size, point.size)))
    if dated is not None:
        stamped = Later(dated.signed, dated.proof, dated.token)
    return witnessed, stamped


def _between(old: int, new: int) -> list[bytes]:
    return tree.consistency(old, new) if old < new else []


def _case(tender: Tender, kind: str, state: CheckpointRow, rows: Iterable[EntryRow]) -> Case:
    leaves = tuple(Leaf(row.place.index, bytes(row.leaf), ()) for row in rows)
    return Case(kind, tender.code, tuple(scopes(tender)[1:]), bytes(state.note), leaves, {}, {})


def _veiled(rows: Iterable[EntryRow]) -> list[EntryRow]:
    """The veiled leaves that lifted entries among `rows` name."""
    indexes = [read_entry(bytes(row.leaf)).values["index"] for row in rows if row.tag == LIFTED]
    return list(EntryRow.objects.filter(place__index__in=indexes).select_related("place"))


def _objects(case: Case, sources: Sources) -> Case:
    """The case with every object that is named in it, and those that these name in their turn."""
    found: dict[str, bytes] = {}
    while True:
        made = replace(case, objects=dict(found), _worked_out={})
        more = {digest: data for digest in named(made) - found.keys() if (data := sources.get(digest)) is not None}
        if not more:
            return made
        found |= more


def _enrolled(case: Case, state: CheckpointRow) -> list[EntryRow]:
    """The entries that registered the bodies and certificates which the evidence needs."""
    parties = Party.objects.filter(credit_code__in=credit_codes(case)).values_list("code", flat=True)
    prints = {digest.hex() for digest in certificates(case, house_trust())}
    accounts = Certificate.objects.filter(fingerprint__in=prints).values_list("account__code", flat=True)
    placed = EntryRow.objects.filter(place__index__lt=state.size).select_related("place")
    registered = placed.filter(tag=REGISTERED, scope__in=list(parties))
    opened = placed.filter(tag=OPENED, scope__in=sorted(accounts_in(case)))
    issued = placed.filter(tag=ENROLLED, scope__in=list(accounts))
    return [
        *registered,
        *opened,
        *(row for row in issued if read_entry(bytes(row.leaf)).values["fingerprint"].hex() in prints),
    ]
