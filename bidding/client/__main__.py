"""`python -m bidding.client`: the bidder's and the custodian's work from a terminal.

Enters: a command, a folder of keys, the site. Leaves: files in the folder and beside the bid; 0, or 1 with every reason
on standard error.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import NoReturn

from bidding.client import bid_commands as bid
from bidding.client import custody_commands as custody
from bidding.client.access import folder_of, session_of
from bidding.client.arguments import LANGUAGES, parser
from bidding.client.showing import ERR, OUT
from bidding.client.words import reasons
from bidding.custody.signed_sheet import groups
from ledger import cms
from ledger.catalogue import say
from ledger.errors import SunlightError, _
from ledger.speaking import language_in


def keygen(given: Namespace) -> None:
    """Make a signing key."""
    folder_of(given).make_key()
    OUT.print(
        say(_("key: %(path)s"), given.language) % {"path": given.folder / "key.pem"}, soft_wrap=True, markup=False
    )


def enrol(given: Namespace) -> None:
    """Make a key if there is none, and get a certificate."""
    folder, session = folder_of(given), session_of(given)
    if not (given.folder / "key.pem").exists():
        folder.make_key()
    certificate = folder.enrol(session)
    words = say(_("certificate: %(name)s"), given.language) % {"name": certificate.subject.rfc4514_string()}
    OUT.print(f"{words}\n{groups(cms.fingerprint(certificate))}", soft_wrap=True, markup=False)


CUT = _("Interrupted. What was sent stays sent: resume goes on with it.")
INTERRUPTED = 130  # as a shell says of a program that ctrl-C ended
COMMANDS: Mapping[str, Callable[[Namespace], object]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        *(keygen, enrol, bid.own_key, bid.papers, bid.check, bid.seal, bid.bid, bid.submit, bid.resume, bid.status),
        *(bid.proof, bid.verify, bid.fetch, bid.look, bid.withdraw, bid.give_share),
        *(custody.custodian_key, custody.destroy_key, custody.policy, custody.register_key, custody.sign_sheets),
        *(custody.rehearse, custody.replace_sheets, custody.due, custody.release),
    )
}


def main(arguments: list[str]) -> int:
    """Run one command; 0, or 1 with the reasons on standard error, or 130 when it was interrupted at the terminal."""
    given = parser(language_in(arguments, LANGUAGES)).parse_args(arguments)
    given.session = None
    try:
        COMMANDS[given.command](given)
    except (SunlightError, OSError) as error:
        for line in reasons(error, given.language):
            ERR.print(line, soft_wrap=True, markup=False)
        return 1
    except KeyboardInterrupt:
        ERR.print(say(CUT, given.language), soft_wrap=True, markup=False)
        return INTERRUPTED
    finally:
        if given.session is not None:
            given.session.close()
    return 0


def run() -> NoReturn:
    """The command `sunlight-client`."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
