"""Pure. What happens in supervision, as ledger entries. Never reorder or remove a field: append, or make a new tag."""

from __future__ import annotations

from typing import Annotated

from ledger.events import Committed, event


@event("supervision:trail:counted")
class TrailCounted:
    """How many entries about a tender and its lots stand in the log up to and with index `upto`, and their digest.

    `digest` is that of their leaf hashes in index order (supervision/trail.py). A bundle ends with such an entry, so
    that none can be left out of it unseen.
    """

    tender: str
    upto: int
    count: int
    digest: bytes


@event("supervision:bundle:exported")
class BundleExported:
    """The regulator took the private evidence of a tender; `digest` is the SHA-256 of the archive, `size` its bytes."""

    tender: str
    digest: bytes
    size: int


@event("supervision:archive:made")
class ArchiveMade:
    """The evidence of a tender was put away at a moment: deadline, opening, award or archive (docs/bundle.md).

    `trail` is the index of the count that it ends with, `state` the size of the log under which it is proved; `public`
    and `regulators` are the SHA-256 of the two archives, with their sizes in bytes. The second is absent where it is
    larger than an archive may be.
    """

    tender: str
    moment: str
    trail: int
    state: int
    public: bytes
    public_size: int
    regulators: bytes | None
    regulators_size: int


@event("supervision:alarm:raised")
class AlarmRaised:
    """A rule found something that the regulator should look at. What and about whom is a hint and no finding: both are
    committed for ever, so that the log accuses nobody.
    """

    lot: str
    alarm: str
    rule: Annotated[str, Committed("never")]
    facts: Annotated[str, Committed("never")]


@event("supervision:alarm:settled")
class AlarmSettled:
    """The regulator has looked at an alarm; what was found is committed for ever."""

    lot: str
    alarm: str
    outcome: Annotated[str, Committed("never")]
    remark: Annotated[str, Committed("never")]


@event("supervision:house:alarmed")
class HouseAlarmRaised:
    """The house itself fails at something (supervision/house.py has the rules). `subject` is a tender, "log" or "".

    This is no hint about anybody: it stands in the open.
    """

    alarm: str
    rule: str
    subject: str


@event("supervision:house:cleared")
class HouseAlarmCleared:
    """What an alarm about the house was raised for is over."""

    alarm: str


@event("supervision:evidence:verified")
class EvidenceVerified:
    """What is kept was verified again. `subject` is a tender, or "log" for all entries.

    `digest` is the SHA-256 of the regulator's bundle and `size` its bytes; for the log its root and its entries. Of the
    checks `passed` were done and found nothing; `failed` are the numbers of those that did not (0: an archive is not
    what was put away, or no bundle can be made), and `faults` counts what they found.
    """

    subject: str
    digest: bytes
    size: int
    passed: int
    failed: tuple[int, ...]
    faults: int
