"""Bundling: one tender's evidence as one archive, for everybody or for its regulator (ledger.md, "Bundle").

Enters: a tender with a counted trail. Leaves: the bytes of an archive: the entries up to the last count with their
inclusion paths under the first checkpoint that covers it, and every object that they name and this kind of bundle may
hold. The same count gives the same public bytes, whoever asks and whenever.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger import objects, tree
from ledger.bundle import FORMAT, Leaf, pack, write_json, write_leaves
from ledger.errors import Reason, Refused, _, refused
from ledger.events import read_entry
from ledger.models import CheckpointRow, EntryRow
from supervision.counting import entries_about, last_trail, scopes, upto
from supervision.evidence import Sources
from supervision.trusting import house_trust
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
from supervision.verifier.case import CHECKPOINT, ENTRIES, HEAD, LIFTED, OBJECTS, PRIVATE, PUBLIC, REGULATOR, Case
from supervision.verifier.nothing_else import named
from trading.models import Certificate, Party, Tender

SPACE = "bundles"
LARGEST = 1 << 30  # an archive is made in memory
NOT_COUNTED = Reason(
    "supervision.not_counted", _("The evidence of this tender is being counted; ask again in a moment.")
)


def public_bundle(tender: Tender) -> bytes:
    """The public bundle, made once for a count. Refused `supervision.not_counted` until there is one."""
    trail, state = covering(tender)
    name = f"{SPACE}/{tender.code}/{trail.place.index}-{state.size}"
    if not objects.store().exists(name):
        objects.store().put(name, [_bundle(tender, PUBLIC)])
    return objects.read(name)


def regulators_bundle(tender: Tender) -> bytes:
    """The bundle with the private evidence of every lot whose opening is over. Refused `supervision.bundle_large`."""
    return _bundle(tender, REGULATOR)


def covering(tender: Tender) -> tuple[EntryRow, CheckpointRow]:
    """The last count that is under a checkpoint, with the first checkpoint over it. Refused when there is none yet."""
    trail = last_trail(tender)
    state = None
    if trail is not None:
        state = CheckpointRow.objects.filter(size__gt=trail.place.index).order_by("size").first()
    if trail is None or state is None:
        raise Refused(NOT_COUNTED)
    return trail, state


def _bundle(asked: Tender, kind: str) -> bytes:
    tender = Tender.objects.get(pk=asked.pk)
    trail, state = covering(tender)
    rows = [*entries_about(tender).filter(place__index__lte=upto(trail)), trail]
    rows += _veiled(rows)
    bare = _case(tender, kind, state, rows)
    sources = Sources(tender, bare)
    case = _objects(bare, sources)
    rows += _enrolled(case)
    paths = tree.paths((row.place.index for row in rows), state.size)
    leaves = [Leaf(row.place.index, bytes(row.leaf), paths[row.place.index]) for row in rows]
    head = {"format": FORMAT, "kind": kind, "tender": tender.code, "lots": list(case.lots)}
    parts = {HEAD: write_json(head), CHECKPOINT: bytes(state.note), ENTRIES: write_leaves(leaves)}
    parts |= {f"{OBJECTS}{name}": data for name, data in case.objects.items()}
    parts |= {f"{PRIVATE}{name}": data for name, data in sources.private()}
    if sum(len(data) for data in parts.values()) > LARGEST:
        refused("supervision.bundle_large", _("The evidence of this tender is larger than 1 GiB."))
    return pack(parts)


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
        made = Case(case.kind, case.tender, case.lots, case.note, case.leaves, dict(found), {})
        more = {digest: data for digest in named(made) - found.keys() if (data := sources.get(digest)) is not None}
        if not more:
            return made
        found |= more


def _enrolled(case: Case) -> list[EntryRow]:
    """The entries that registered the bodies and certificates which the evidence needs."""
    parties = Party.objects.filter(credit_code__in=credit_codes(case)).values_list("code", flat=True)
    prints = {digest.hex() for digest in certificates(case, house_trust())}
    accounts = Certificate.objects.filter(fingerprint__in=prints).values_list("account__code", flat=True)
    placed = EntryRow.objects.filter(place__isnull=False).select_related("place")
    registered = placed.filter(tag=REGISTERED, scope__in=list(parties))
    opened = placed.filter(tag=OPENED, scope__in=sorted(accounts_in(case)))
    issued = placed.filter(tag=ENROLLED, scope__in=list(accounts))
    return [
        *registered,
        *opened,
        *(row for row in issued if read_entry(bytes(row.leaf)).values["fingerprint"].hex() in prints),
    ]
