"""An expert's client: answers the invitation, enters the room, reads, votes, scores, signs."""

from __future__ import annotations

from config.demo.play.client import Client


class Expert(Client):
    """Somebody of the pool; perhaps a member of the panel."""
