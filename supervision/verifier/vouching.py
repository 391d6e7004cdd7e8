"""Pure. Checks 43 and 44: what others say of the log, who are not the platform.

43. Witnesses of the verifier's own policy have cosigned this state of the log, or a later one that continues it, and
    they make the quorum; no line says falsely that it is one of theirs.
44. An authority that the verifier's own roots vouch for has put a timestamp on this state of the log, or on a later one
    that continues it, and not before what the bundle holds had happened.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger import dated, merkle, note
from ledger.bundle import Later
from ledger.errors import Broken, Reason, _
from ledger.note import Checkpoint
from ledger.witness.cosignature import check, is_name
from ledger.witness.policy import Policy
from supervision.verifier.archive import checkpoint_of, is_plain
from supervision.verifier.case import Case, fault
from supervision.verifier.check import Check, Found, Undone
from supervision.verifier.people import SLACK
from supervision.verifier.trust import Trust

NO_POLICY = Undone(_("asks for your own witness policy (--witness-policy)"))
NO_ROOTS = Undone(_("asks for your own roots of timestamp authorities (--timestamp-roots)"))


def continued(case: Case, trust: Trust, later: Later) -> Checkpoint:
    """The checkpoint that others vouched for, if the log signed it and it continues the bundle's; `Broken` if not."""
    own, found = checkpoint_of(case, trust), note.read(later.checkpoint, trust.log.public)
    if found.origin != own.origin or not merkle.consistent(own.size, found.size, own.root, found.root, later.proof):
        raise Broken(_("another checkpoint than one that continues the bundle's"))
    return found


def cosignatures(case: Case, trust: Trust) -> Found:
    """Check 43."""
    if case.witnessed is not None:
        found = continued(case, trust, case.witnessed)
        lines = note.signature_lines(case.witnessed.checkpoint)
        if case.witnessed.checkpoint != _written(found, lines) or dated.own_note(
            case.witnessed.checkpoint, trust.log.public
        ) != _written(found, lines[:1]):
            yield fault("witnesses_form", _("The cosigned checkpoint is not in its one form."))
        if trust.policy is not None:
            yield from _quorum(trust.policy, found, lines[1:])
    elif trust.policy is not None and not trust.policy.satisfied([]):
        yield fault("no_witness", _("The bundle holds no cosignature of a witness."))
    if trust.policy is None:
        yield NO_POLICY


def _written(checkpoint: Checkpoint, lines: list[str]) -> bytes:
    plain = [line for line in lines if _is_line(line)]
    return "\n".join([checkpoint.text(), *plain, ""]).encode()


def _is_line(line: str) -> bool:
    """Whether it has the form of a signature line (C2SP signed-note), its base64 in one form."""
    blob = line.rpartition(" ")[2]
    return line.startswith(note.DASH) and is_name(_signer(line)) and blob != "" and is_plain(blob)


def _signer(line: str) -> str:
    return line.removeprefix(note.DASH).rpartition(" ")[0]


def _quorum(policy: Policy, checkpoint: Checkpoint, lines: list[str]) -> Iterator[Reason]:
    """Faults of the lines that bear the name of a witness of `policy`; others say nothing here (C2SP signed-note)."""
    known = {witness.name for witness in policy.witnesses.values()}
    who: list[str] = []
    for line in lines:
        if _signer(line) not in known:
            continue
        name = next((name for name in policy.witnesses if _is_by(policy, name, checkpoint, line)), "")
        if not name or name in who:
            yield fault("witness", _("A cosignature is not by the witness whom it names, or stands there twice."))
        who.append(name)
    if not policy.satisfied(who):
        yield fault("quorum_witnesses", _("The witnesses who cosigned do not make the quorum of your policy."))


def _is_by(policy: Policy, name: str, checkpoint: Checkpoint, line: str) -> bool:
    try:
        check(line, checkpoint, policy.witnesses[name])
    except Broken:
        return False
    return True


def timestamps(case: Case, trust: Trust) -> Found:
    """Check 44."""
    if case.stamped is not None:
        found = continued(case, trust, case.stamped)
        if case.stamped.checkpoint != _written(found, note.signature_lines(case.stamped.checkpoint)[:1]):
            yield fault("timestamp_form", _("The checkpoint under the timestamp is not in its one form."))
        if trust.timestamp_roots is not None:
            at = dated.token_time(case.stamped.token, case.stamped.checkpoint, trust.log.public, trust.timestamp_roots)
            newest = max((one.at for one in case.open), default=at)
            if at < newest - SLACK:
                yield fault("timestamp_early", _("The timestamp is older than what it is said to cover."))
    elif trust.timestamp_roots is not None:
        yield fault("no_timestamp", _("The bundle holds no timestamp."))
    if trust.timestamp_roots is None:
        yield NO_ROOTS


CHECKS = (
    Check(43, _("Witnesses have cosigned the state of the log"), cosignatures),
    Check(44, _("A timestamp authority has dated the state of the log"), timestamps),
)
