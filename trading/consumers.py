"""Live rooms: one socket for a scope (tender or lot). Commands go through the doors of HTTP; news is only a number.

Enters: JSON {"id", "act", "path", "form"} or {"from": n}. Leaves: {"id", "facts"} or {"id", "problem"}, and
{"entry": n, "after": m} whenever an entry about the scope is in the log, m being the one before it: who has not heard
of m asks from there. The right is asked on every command; no score or price travels here.
"""

from __future__ import annotations

import json
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from ledger import rights
from ledger.actor import NOBODY, Actor
from ledger.errors import Reason, Refused, SunlightError, _
from trading.doors import DOORS, problem
from trading.forms import UNSTORABLE
from trading.live import group_of
from trading.models import Account
from trading.sequence import entries_from


def _actor(pk: int | None) -> Actor:
    account = Account.objects.select_related("party").filter(pk=pk, is_active=True).first() if pk else None
    return account.actor if account else NOBODY


def _command(actor: Actor, content: dict[str, Any]) -> dict[str, Any]:
    door = DOORS.get(str(content.get("act")))
    form, path = content.get("form", {}), content.get("path", {})
    try:
        if door is None or not isinstance(form, dict) or not isinstance(path, dict):
            raise Refused(Reason("form.no_such_act", _("There is no such act.")))
        if not all(isinstance(part, str) and not UNSTORABLE.search(part) for part in path.values()):
            raise Refused(Reason("form.no_such_act", _("There is no such act.")))
        return {"facts": dict(door.call(actor, form, path).facts)}
    except TypeError:
        return {
            "problem": problem(Refused(Reason("form.path", _("The path does not name what this act is about."))))[1]
        }
    except SunlightError as error:
        return {"problem": problem(error)[1]}


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    """A socket on one scope."""

    async def connect(self) -> None:
        """Join the scope's group; everybody may hear that something happened."""
        self.scope_code = self.scope["url_route"]["kwargs"]["code"]
        if not rights.may("trading:scope:watch", await self.actor()):
            await self.close()
            return
        await self.channel_layer.group_add(group_of(self.scope_code), self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:  # noqa: ARG002  the signature is Channels'
        """Leave the group."""
        await self.channel_layer.group_discard(group_of(self.scope_code), self.channel_name)

    async def actor(self) -> Actor:
        """Who is at the socket, read anew: rights may have gone since it was opened."""
        user = self.scope.get("user")
        return await sync_to_async(_actor)(getattr(user, "pk", None))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **_extra: Any) -> None:  # noqa: ARG002  the signature is Channels'
        """Read one message; what is no JSON object is answered and the line stays open."""
        try:
            content = json.loads(text_data or "", parse_float=str)
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, dict):
            await self.receive_json(content)
        else:
            refusal = Refused(Reason("form.not_json", _("The body is not a JSON object.")))
            await self.send_json({"id": None, "problem": problem(refusal)[1]})

    async def receive_json(self, content: Any, **_extra: Any) -> None:
        """Answer one command, or the question "what happened from n on"."""
        if type(content.get("from")) is int:
            last = None  # who asks from n has all before n
            for index in await sync_to_async(entries_from)(self.scope_code, content["from"]):
                await self.send_json({"entry": index, "after": last})
                last = index
            return
        answer = await sync_to_async(_command)(await self.actor(), content)
        await self.send_json({"id": content.get("id"), **answer})

    async def entry(self, message: dict[str, Any]) -> None:
        """Pass on that an entry exists."""
        await self.send_json({"entry": message["entry"], "after": message.get("after")})
