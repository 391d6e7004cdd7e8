"""The operator's account at the console."""

from __future__ import annotations

from pathlib import Path

from tests.config.demo.inside import inside, manage

LOOK = """
from ledger.models import EntryRow
from trading.models import Account
rows = list(Account.objects.values_list("username", "role", "party"))
print(json.dumps([rows, list(EntryRow.objects.values_list("tag", flat=True))]))
"""


def test_the_console_opens_an_account_once_with_an_entry_and_prints_the_drawn_password_alone(var: Path) -> None:
    done, again = manage(var, "operator", "keeper", "--draw"), manage(var, "operator", "keeper", "--draw")
    assert (done.returncode, len(done.stdout.strip()), done.stdout.count("\n")) == (0, 16, 1)
    assert (again.returncode, again.stdout) == (1, "")
    assert "account.username" in again.stderr
    assert inside(var, LOOK) == [[["keeper", "operator", None]], ["trading:account:opened"]]
