"""Reads for the page "how to check us": the log's key and newest state, the roots, the numbered checks.

Enters: nothing but what is public. Leaves: values for the template and the same for machines.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext as _

from ledger import cms, dating
from ledger.models import TreeState
from ledger.tree import latest_checkpoint
from supervision.trusting import log_key, log_key_text
from supervision.verifier.verifying import CHECKS
from trading import authority

Row = dict[str, object]
COMMAND = "python -m supervision.verifier {tender}.zip --log-key log.key --roots roots.pem"


def checkpoint_facts() -> Row | None:
    """The newest signed state of the log: size, root (hex), when it was signed; None before the first."""
    last = latest_checkpoint()
    if last is None:
        return None
    state = TreeState.objects.get(size=last.size)
    return {"size": last.size, "root": bytes(state.root).hex(), "at": last.at}


def _root(certificate: x509.Certificate) -> Row:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return {"name": str(names[0].value) if names else "", "digest": cms.fingerprint(certificate)}


def facts() -> Row:
    """Everything on the page."""
    return {
        "checkpoint": checkpoint_facts(),
        "timestamp": dating.standing(),
        "origin": log_key().name,
        "log_key": log_key_text(),
        "roots": [_root(one) for one in authority.roots()],
        "command": COMMAND.format(tender="sl-2026-0001"),
        "checks": [
            {"number": check.number, "title": _(check.title), "is_private": check.is_private} for check in CHECKS
        ],
    }
