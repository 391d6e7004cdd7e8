"""Tasks of the ledger: asking the witnesses, which takes a network and must not hold up the ticker."""

from __future__ import annotations

import structlog
from celery import shared_task

from ledger import witnessing
from ledger.errors import Broken, Refused

log = structlog.get_logger("ledger.witnesses")


@shared_task  # type: ignore[untyped-decorator]  # celery ships no types
def ask_witnesses() -> None:
    """Ask every witness that has an address to cosign the present candidate. A silent one stops no other."""
    named = witnessing.policy()
    for name, address in (named.addresses if named else {}).items():
        if not address:
            continue
        try:
            witnessing.ask(name, address)
        except (Broken, Refused) as refused:
            log.warning("ledger.witness_silent", witness=name, why=str(refused))
