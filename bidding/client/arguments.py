"""The words of `python -m bidding.client`: commands and their options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Protocol

FILE = "the sealed file; it must lie beside its description"


def _item(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError("write NAME=VALUE")
    return name, value


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--folder", type=Path, default=Path.home() / ".sunlight", help="where your keys and bids lie")
    common.add_argument("--passphrase-file", type=Path, help="take the passphrase of your keys from FILE")
    common.add_argument("--plain", action="store_true", help="keep new keys without a passphrase (0600)")
    common.add_argument("--language", default="zh-hans", choices=("zh-hans", "en"), help="of what is said")
    return common


def _online() -> argparse.ArgumentParser:
    online = argparse.ArgumentParser(add_help=False)
    online.add_argument("--site", default="http://127.0.0.1:8000", help="scheme, host and port of the site")
    online.add_argument("--user", help="your user name; asked for together with the password when needed")
    online.add_argument("--password-file", type=Path, help="take the password from FILE")
    online.add_argument("--site-clock", action="store_true", help="believe the site's clock (demonstrations only)")
    return online


class Commands(Protocol):
    """Where commands are added."""

    def add_parser(self, name: str, **facts: Any) -> argparse.ArgumentParser:
        """A command."""


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="python -m bidding.client", description="Seal, submit and look at bids; keep custody of their opening."
    )
    commands = top.add_subparsers(dest="command", required=True)
    local, online = [_common()], [_common(), _online()]
    commands.add_parser("keygen", parents=local, help="make a signing key")
    commands.add_parser("enrol", parents=online, help="get a certificate for the signing key, and pin whom to trust")
    _bidder(commands, local, online)
    _custodian(commands, local, online)
    return top


def _bidder(commands: Commands, local: list[argparse.ArgumentParser], online: list[argparse.ArgumentParser]) -> None:
    commands.add_parser("own-key", parents=local, help="make your own key, with which you can look at what you sealed")
    papers = commands.add_parser("papers", parents=online, help="fetch the blanks of a lot's papers")
    papers.add_argument("lot")
    papers.add_argument("--to", type=Path, required=True, help="the folder for the files of the bid")
    for name, about in (
        ("check", "check the files of a bid against the lot's rules"),
        ("seal", "check and seal a bid"),
        ("bid", "check, seal and send a bid"),
    ):
        offer = commands.add_parser(name, parents=online, help=about)
        _offer(offer)
        if name != "check":  # it writes nothing
            offer.add_argument("--out", type=Path, help="the sealed file to write; left out: among the bids")
    for name, about in (
        ("submit", "send a sealed bid and check its receipt"),
        ("status", "ask whether a sealed bid arrived"),
        ("proof", "fetch and check the proof that the receipt is in the log, and its timestamp"),
    ):
        commands.add_parser(name, parents=online, help=about).add_argument("file", type=Path, help=FILE)
    commands.add_parser("resume", parents=online, help="send every sealed bid that has no receipt yet")
    verify = commands.add_parser("verify", parents=local, help="check a receipt, without the site")
    verify.add_argument("file", type=Path, help="the receipt")
    _looking(commands, local, online)
    withdraw = commands.add_parser("withdraw", parents=online, help="withdraw the live envelope")
    withdraw.add_argument("lot")
    withdraw.add_argument("number", help="its receipt number")
    share = "give the own share of your envelope at the opening (policies with b)"
    commands.add_parser("give-share", parents=online, help=share).add_argument("lot")


def _looking(commands: Commands, local: list[argparse.ArgumentParser], online: list[argparse.ArgumentParser]) -> None:
    look = commands.add_parser("look", parents=local, help="open your own sealed bid with your own key")
    look.add_argument("file", type=Path, help=FILE)
    look.add_argument("--to", type=Path, help="write its files into this folder")
    fetch = commands.add_parser("fetch", parents=online, help="get your own sealed bid back from the site")
    fetch.add_argument("lot")
    fetch.add_argument("number", help="its receipt number")


def _offer(offer: argparse.ArgumentParser) -> None:
    offer.add_argument("lot")
    offer.add_argument("--files", type=Path, required=True, help="the folder with the files of the bid")
    offer.add_argument("--price", default="", help="yuan, at most two places; left out: as the opening list says")
    offer.add_argument("--days", type=int, default=0, help="duration in days; left out: as the opening list says")
    offer.add_argument("--item", type=_item, action="append", default=[], help="a further quoted line, NAME=VALUE")
    offer.add_argument("--cover", type=Path, help="the guarantee or deposit statement")


def _custodian(commands: Commands, local: list[argparse.ArgumentParser], online: list[argparse.ArgumentParser]) -> None:
    key = commands.add_parser("custodian-key", parents=local, help="make a custodian's key for one tender")
    key.add_argument("--renew", action="store_true", help="in the place of a lost or stolen one")
    destroy = commands.add_parser("destroy-key", parents=online, help="destroy the custodian's keys for ever")
    destroy.add_argument("--force", action="store_true", help="ask nobody whether they are still needed")
    for name, about in (
        ("policy", "choose who together may open the bids (agent)"),
        ("register-key", "register the custodian's key"),
        ("sign-sheets", "show who can open, and sign the custody sheets"),
        ("rehearse", "do your part of the rehearsal"),
        ("replace-sheets", "bring new sheets into force by an addendum (agent)"),
    ):
        made = commands.add_parser(name, parents=online, help=about)
        made.add_argument("tender")
        if name == "policy":
            made.add_argument("policy", help="like 2(a,c,r)")
        elif name == "register-key":
            made.add_argument("--label", default="", help="your leaf, where your body has several")
        elif name == "replace-sheets":
            made.add_argument("--title", required=True, help="of the addendum")
            made.add_argument("--text", required=True, help="of the addendum")
    commands.add_parser("due", parents=online, help="list the openings that wait for you")
    commands.add_parser("release", parents=online, help="give the shares of a closed lot").add_argument("lot")
