"""The words of `python -m bidding.client`: commands and their options."""

from __future__ import annotations

import argparse
from pathlib import Path


def _item(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError("write NAME=VALUE")
    return name, value


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--folder", type=Path, default=Path.home() / ".sunlight", help="where your keys lie")
    common.add_argument("--passphrase-file", type=Path, help="take the passphrase of your keys from FILE")
    common.add_argument("--plain", action="store_true", help="keep new keys without a passphrase (0600)")
    return common


def _online() -> argparse.ArgumentParser:
    online = argparse.ArgumentParser(add_help=False)
    online.add_argument("--site", default="http://127.0.0.1:8000", help="scheme, host and port of the site")
    online.add_argument("--user", help="your user name; asked for together with the password when needed")
    online.add_argument("--password-file", type=Path, help="take the password from FILE")
    online.add_argument("--site-clock", action="store_true", help="believe the site's clock (demonstrations only)")
    online.add_argument("--language", default="zh-hans", help="zh-hans or en, for what the site says")
    return online


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(prog="python -m bidding.client", description="Seal, submit and keep custody of bids.")
    commands = top.add_subparsers(dest="command", required=True)
    local, online = [_common()], [_common(), _online()]
    commands.add_parser("keygen", parents=local, help="make a signing key")
    commands.add_parser("enrol", parents=online, help="get a certificate for the signing key, and pin whom to trust")
    commands.add_parser("custodian-key", parents=local, help="make a custodian's key for one tender")
    commands.add_parser("destroy-key", parents=local, help="destroy the custodian's key for ever")
    for name, about in (("register-key", "register the custodian's key"), ("sign-sheets", "sign the custody sheets")):
        commands.add_parser(name, parents=online, help=about).add_argument("tender")
    _seal(commands.add_parser("seal", parents=online, help="check and seal a bid"))
    for name, about in (
        ("submit", "send a sealed bid and check its receipt"),
        ("status", "ask whether a sealed bid arrived"),
        ("proof", "fetch and check the proof that the receipt is in the log"),
    ):
        commands.add_parser(name, parents=online, help=about).add_argument("file", type=Path)
    withdraw = commands.add_parser("withdraw", parents=online, help="withdraw the live envelope")
    withdraw.add_argument("lot")
    withdraw.add_argument("number", help="its receipt number")
    commands.add_parser("release", parents=online, help="give the shares of a closed lot").add_argument("lot")
    check = commands.add_parser("check", parents=local, help="check a receipt, without the site")
    check.add_argument("file", type=Path)
    return top


def _seal(seal: argparse.ArgumentParser) -> None:
    seal.add_argument("lot")
    seal.add_argument("--files", type=Path, required=True, help="the folder with the files of the bid")
    seal.add_argument("--price", required=True, help="yuan, at most two places")
    seal.add_argument("--days", type=int, required=True, help="duration in days")
    seal.add_argument("--item", type=_item, action="append", default=[], help="a further quoted line, NAME=VALUE")
    seal.add_argument("--cover", type=Path, help="the guarantee or deposit statement")
    seal.add_argument("--out", type=Path, required=True, help="the sealed file to write")
