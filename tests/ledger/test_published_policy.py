"""The policy that the site names is the one in force, without the addresses that only the site needs."""

from __future__ import annotations

from pathlib import Path

from pytest_django.fixtures import Settings

from ledger.published_policy import policy_text
from ledger.witness.policy import parse_policy
from tests.ledger.witness.test_policy import TEXT


def test_without_a_policy_there_is_nothing_to_name() -> None:
    assert policy_text() == ""


def test_it_is_the_policy_in_force_without_addresses(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "policy"
    path.write_text(TEXT)
    settings.SUNLIGHT_WITNESS_POLICY = str(path)
    named, own = parse_policy(policy_text()), parse_policy(TEXT)
    assert (named.logs, named.witnesses, named.groups, named.quorum) == (
        own.logs, own.witnesses, own.groups, own.quorum,
    )  # fmt: skip
    assert any(own.addresses.values())
    assert not any(named.addresses.values())
