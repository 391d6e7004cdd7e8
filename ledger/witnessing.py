"""What witnesses say of this log: asked, taken, kept, and counted by the policy (ledger.md, "Witnesses").

Enters: the policy file named by SUNLIGHT_WITNESS_POLICY, checkpoints, cosignatures however they came. Leaves: rows of
cosignatures that were checked, and whether a checkpoint has its quorum. Without a policy there is none to have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import transaction

from ledger import clock, note, tree
from ledger.candidate import candidate
from ledger.canon import tag_of
from ledger.errors import Broken, Reason, Refused, _
from ledger.events import WitnessesNamed
from ledger.models import CheckpointRow, Cosignature, EntryRow
from ledger.sequencer import log_key
from ledger.witness.asking import Question
from ledger.witness.cosignature import Witness, check
from ledger.witness.policy import Policy, parse_policy
from ledger.witness.posting import Answer, post

ASTRAY = timedelta(minutes=10)  # how far a witness's clock may be from ours
LOOKED_AT = 500  # the newest cosignatures: many rounds of any policy


@cache
def _read(path: str) -> Policy:
    return parse_policy(Path(path).read_text(encoding="utf-8", errors="surrogateescape"))


def policy() -> Policy | None:
    """The policy in force, or None: then the pages say "no witness". `Broken` or `OSError` for an unreadable one."""
    return _read(settings.SUNLIGHT_WITNESS_POLICY) if settings.SUNLIGHT_WITNESS_POLICY else None


def log_verifier_key() -> str:
    """This log's key as witnesses and policies write it."""
    return note.verifier_key(settings.LOG_ORIGIN, note.raw_public(log_key().public_key()))


def check_policy(**_check: Any) -> list[CheckMessage]:
    """System check ledger.E004: the witness policy can be read and knows this log."""
    try:
        found = policy()
    except (OSError, Broken) as error:
        return [Error(f"SUNLIGHT_WITNESS_POLICY: {error}", id="ledger.E004")]
    if found and settings.LOG_ORIGIN not in found.logs:
        return [Error(f"SUNLIGHT_WITNESS_POLICY does not name the log {settings.LOG_ORIGIN}", id="ledger.E004")]
    return []


def take(checkpoint: note.Checkpoint, line: str) -> Cosignature:
    """Keep a witness's cosignature `line` over `checkpoint`. The same line again changes nothing.

    Refused `ledger.not_ours` for what this log never signed, `ledger.no_witness` for a line of nobody the policy names,
    `ledger.witness_clock` for a time more than ten minutes off.
    """
    ours = CheckpointRow.objects.filter(size=checkpoint.size).first()
    if ours is None or note.text_of(bytes(ours.note)) != checkpoint:
        raise Refused(Reason("ledger.not_ours", _("That is no checkpoint of this log.")))
    name, at = _who(checkpoint, line)
    if abs(at - clock.real_now()) > ASTRAY:
        raise Refused(Reason("ledger.witness_clock", _("The witness's clock is more than ten minutes off.")))
    facts = {"line": line, "taken_at": clock.now()}
    with transaction.atomic():
        made, _new = Cosignature.objects.get_or_create(size=checkpoint.size, witness=name, at=at, defaults=facts)
    return made


def _who(checkpoint: note.Checkpoint, line: str) -> tuple[str, datetime]:
    named = policy()
    for name, witness in (named.witnesses if named else {}).items():
        try:
            return name, datetime.fromtimestamp(check(line, checkpoint, witness), UTC)
        except (Broken, OverflowError, OSError, ValueError):  # the last three: a year that no calendar has
            continue
    raise Refused(Reason("ledger.no_witness", _("No witness that the policy names has made this cosignature.")))


def _last_size(name: str) -> int:
    return Cosignature.objects.filter(witness=name).order_by("-size").values_list("size", flat=True).first() or 0


def ask(name: str, address: str) -> Cosignature | None:
    """Have the witness cosign the present candidate; None when it has that or a later one.

    `Broken` when it cannot or will not.
    """
    point, old = candidate(clock.real_now()), _last_size(name)
    if point is None or old >= point.size:
        return None
    answer = _post(address, point, old)
    if answer.status == 409:  # it remembers another size than we do: after we lost rows, or it was asked by another
        old = _told(answer)
        if old > point.size:
            return None
        answer = _post(address, point, old)
    if answer.status != 200:
        raise Broken(f"the witness {name} answers {answer.status}: {answer.text.strip()}")
    checkpoint = note.text_of(bytes(point.note))
    return next((take(checkpoint, line) for line in answer.text.splitlines()), None)


def _post(address: str, point: CheckpointRow, old: int) -> Answer:
    proof = tree.consistency(old, point.size) if 0 < old < point.size else []
    return post(address, Question(old, tuple(proof), bytes(point.note)))


def _told(answer: Answer) -> int:
    text, last = answer.text.strip(), tree.latest_checkpoint()
    size = last.size if last else 0
    if not (text.isascii() and text.isdecimal()) or int(text) > size:
        raise Broken(f"a witness has cosigned {text or 'something else'}, this log signed {size}: it fell behind")
    return int(text)


def quorum(above: int = -1, since: datetime | None = None) -> CheckpointRow | None:
    """The newest checkpoint of more than `above` + 1 leaves with its quorum, cosigned at or after `since`; or None."""
    named = policy()
    if named is None:
        return None
    rows = Cosignature.objects.filter(size__gt=above)
    if since is not None:
        rows = rows.filter(taken_at__gte=since)
    who: dict[int, set[str]] = defaultdict(set)
    for size, name in rows.order_by("-size").values_list("size", "witness")[:LOOKED_AT]:
        who[size].add(name)
    enough = [size for size, names in who.items() if named.satisfied(names)]
    return CheckpointRow.objects.get(size=max(enough)) if enough else None


def state(now: datetime) -> Mapping[str, Any] | None:
    """How far the quorum has cosigned, for pages: `cosigned` and `size` in entries, `age` of the newest quorum, seconds
    that it is `late`, or None; None without a policy. `now` is the machine's time.
    """
    if policy() is None:
        return None
    point, last = quorum(), tree.latest_checkpoint()
    waits = _late(point, now)
    size, age = (point.size, now - point.signed_at) if point else (0, None)
    return {"cosigned": size, "age": age, "size": last.size if last else 0, "late": waits[1] if waits else None}


def late(now: datetime) -> tuple[CheckpointRow, int] | None:
    """The oldest checkpoint that has waited for its quorum longer than SUNLIGHT_COSIGN_SECONDS, and how many seconds.

    `now` is the machine's time. None without a policy, and when nothing has waited so long. What was signed before the
    entry that names the policy waits for nobody.
    """
    return _late(quorum(), now) if policy() else None


def _late(point: CheckpointRow | None, now: datetime) -> tuple[CheckpointRow, int] | None:
    named = EntryRow.objects.filter(tag=tag_of(WitnessesNamed)).select_related("place").order_by("-pk").first()
    place = getattr(named, "place", None)
    if named and place is None:
        return None
    above = max(point.size if point else 0, place.index if place else 0)
    waiting = CheckpointRow.objects.filter(size__gt=above).order_by("size").first()
    return waited(waiting, now, settings.SUNLIGHT_COSIGN_SECONDS)


def waited(point: CheckpointRow | None, now: datetime, limit: int) -> tuple[CheckpointRow, int] | None:
    """The checkpoint and its age in seconds, when that is more than `limit`."""
    seconds = int((now - point.signed_at).total_seconds()) if point else 0
    return (point, seconds) if point and seconds > limit else None


def prove(entry: EntryRow, since: datetime | None) -> tree.Proof | None:
    """The proof that the policy wants: under a checkpoint cosigned at or after `since`, with its cosignatures.

    Without a policy it is the proof under the newest checkpoint.
    """
    if policy() is None:
        return tree.prove(entry)
    place = getattr(entry, "place", None)
    point = quorum(place.index, since) if place else None
    proof = tree.prove(entry, point) if point else None
    return replace(proof, checkpoint=cosigned_note(point)) if proof and point else None


def cosigned_note(point: CheckpointRow) -> bytes:
    """The signed note of a checkpoint with the newest line of each witness beneath."""
    rows = Cosignature.objects.filter(size=point.size).order_by("at")
    newest = {row.witness: row.line for row in rows}
    return bytes(point.note) + "".join(f"{newest[name]}\n" for name in sorted(newest)).encode()


def standings() -> list[Mapping[str, Any]]:
    """Of each witness of the policy: name, key, and the newest cosignature's size and time, or None."""
    named = policy()
    if named is None:
        return []
    return [_standing(name, witness) for name, witness in named.witnesses.items()]


def _standing(name: str, witness: Witness) -> Mapping[str, Any]:
    row = Cosignature.objects.filter(witness=name).order_by("-size", "-at").first()
    size, at = (row.size, row.at) if row else (None, None)
    return {"name": name, "key": witness.verifier_key, "size": size, "at": at}
