"""The words of `python -m bidding.client`: commands and their options."""

from __future__ import annotations

import argparse
from pathlib import Path

from ledger.errors import _
from ledger.speaking import Commands, SpeakingParser

LANGUAGES = ("zh-hans", "en")
FILE = _("the sealed file; it must lie beside its description")


def _item(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError("write NAME=VALUE")
    return name, value


def _language(told: SpeakingParser) -> None:
    told.add_argument("--language", default=told.language, choices=LANGUAGES, help=_("of what is said"))


def _common(language: str) -> SpeakingParser:
    common = SpeakingParser(add_help=False, language=language)
    home = Path.home() / ".sunlight"
    common.add_argument("--folder", type=Path, default=home, help=_("where your keys and bids lie"))
    common.add_argument("--passphrase-file", type=Path, help=_("take the passphrase of your keys from FILE"))
    common.add_argument("--plain", action="store_true", help=_("keep new keys without a passphrase (0600)"))
    _language(common)
    return common


def _online(language: str) -> SpeakingParser:
    online = SpeakingParser(add_help=False, language=language)
    online.add_argument("--site", default="http://127.0.0.1:8000", help=_("scheme, host and port of the site"))
    online.add_argument("--user", help=_("your user name; asked for together with the password when needed"))
    online.add_argument("--password-file", type=Path, help=_("take the password from FILE"))
    online.add_argument("--site-clock", action="store_true", help=_("believe the site's clock (demonstrations only)"))
    return online


def parser(language: str = LANGUAGES[0]) -> argparse.ArgumentParser:
    """Every command with its options, told in the language."""
    top = SpeakingParser(
        prog="python -m bidding.client",
        description=_("Seal, submit and look at bids; keep custody of their opening."),
        language=language,
    )
    _language(top)
    commands = Commands(top)
    local, online = [_common(language)], [_common(language), _online(language)]
    commands.add("keygen", local, _("make a signing key"))
    commands.add("enrol", online, _("get a certificate for the signing key, and pin whom to trust"))
    _bidder(commands, local, online)
    _custodian(commands, local, online)
    return top


def _bidder(commands: Commands, local: list[SpeakingParser], online: list[SpeakingParser]) -> None:
    commands.add("own-key", local, _("make your own key, with which you can look at what you sealed"))
    papers = commands.add("papers", online, _("fetch the blanks of a lot's papers"))
    papers.add_argument("lot")
    papers.add_argument("--to", type=Path, required=True, help=_("the folder for the files of the bid"))
    for name, about in (
        ("check", _("check the files of a bid against the lot's rules")),
        ("seal", _("check and seal a bid")),
        ("bid", _("check, seal and send a bid")),
    ):
        offer = commands.add(name, online, about)
        _offer(offer)
        if name != "check":  # it writes nothing
            offer.add_argument("--out", type=Path, help=_("the sealed file to write; left out: among the bids"))
    for name, about in (
        ("submit", _("send a sealed bid and check its receipt")),
        ("status", _("ask whether a sealed bid arrived")),
        ("proof", _("fetch and check the proof that the receipt is in the log, and its timestamp")),
    ):
        commands.add(name, online, about).add_argument("file", type=Path, help=FILE)
    commands.add("resume", online, _("send every sealed bid that has no receipt yet"))
    verify = commands.add("verify", local, _("check a receipt, without the site"))
    verify.add_argument("file", type=Path, help=_("the receipt"))
    _looking(commands, local, online)
    withdraw = commands.add("withdraw", online, _("withdraw the live envelope"))
    withdraw.add_argument("lot")
    withdraw.add_argument("number", help=_("its receipt number"))
    share = _("give the own share of your envelope at the opening (policies with b)")
    commands.add("give-share", online, share).add_argument("lot")


def _looking(commands: Commands, local: list[SpeakingParser], online: list[SpeakingParser]) -> None:
    look = commands.add("look", local, _("open your own sealed bid with your own key"))
    look.add_argument("file", type=Path, help=FILE)
    look.add_argument("--to", type=Path, help=_("write its files into this folder"))
    fetch = commands.add("fetch", online, _("get your own sealed bid back from the site"))
    fetch.add_argument("lot")
    fetch.add_argument("number", help=_("its receipt number"))


def _offer(offer: argparse.ArgumentParser) -> None:
    offer.add_argument("lot")
    offer.add_argument("--files", type=Path, required=True, help=_("the folder with the files of the bid"))
    offer.add_argument("--price", default="", help=_("yuan, at most two places; left out: as the opening list says"))
    offer.add_argument("--days", type=int, default=0, help=_("duration in days; left out: as the opening list says"))
    offer.add_argument("--item", type=_item, action="append", default=[], help=_("a further quoted line, NAME=VALUE"))
    offer.add_argument("--cover", type=Path, help=_("the guarantee or deposit statement"))


def _custodian(commands: Commands, local: list[SpeakingParser], online: list[SpeakingParser]) -> None:
    key = commands.add("custodian-key", local, _("make a custodian's key for one tender"))
    key.add_argument("--renew", action="store_true", help=_("in the place of a lost or stolen one"))
    destroy = commands.add("destroy-key", online, _("destroy the custodian's keys for ever"))
    destroy.add_argument("--force", action="store_true", help=_("ask nobody whether they are still needed"))
    for name, about in (
        ("policy", _("choose who together may open the bids (agent)")),
        ("register-key", _("register the custodian's key")),
        ("sign-sheets", _("show who can open, and sign the custody sheets")),
        ("rehearse", _("do your part of the rehearsal")),
        ("replace-sheets", _("bring new sheets into force by an addendum (agent)")),
    ):
        made = commands.add(name, online, about)
        made.add_argument("tender")
        if name == "policy":
            made.add_argument("policy", help=_("like 2(a,c,r)"))
        elif name == "register-key":
            made.add_argument("--label", default="", help=_("your leaf, where your body has several"))
        elif name == "replace-sheets":
            made.add_argument("--title", required=True, help=_("title of the addendum"))
            made.add_argument("--text", required=True, help=_("text of the addendum"))
    commands.add("due", online, _("list the openings that wait for you"))
    commands.add("release", online, _("give the shares of a closed lot")).add_argument("lot")
