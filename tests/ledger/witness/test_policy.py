"""The policy file of tlog-policy: the regulator and any one of the others, and every mistake in writing it."""

from __future__ import annotations

import pytest

from ledger import note
from ledger.errors import Broken
from ledger.witness.cosignature import Witness
from ledger.witness.policy import Group, Policy, parse_log_key, parse_policy
from tests.ledger.witness.makers import ORIGIN, public

R, B, G = (Witness(f"{name}.example", public(at)) for at, name in ((2, "regulator"), (3, "bidders"), (4, "bank")))
TEXT = f"""# who counts
log {note.verifier_key(ORIGIN, public(1))}
witness regulator {R.verifier_key} http://regulator.example/witness

\twitness\tbidders {B.verifier_key}
witness bank {G.verifier_key}
group others any bidders bank
group both all regulator others
quorum both
"""


def test_a_policy_is_read_whole() -> None:
    assert parse_policy(TEXT) == Policy(
        {ORIGIN: public(1)},
        {"regulator": R, "bidders": B, "bank": G},
        {"regulator": "http://regulator.example/witness", "bidders": "", "bank": ""},
        {"others": Group(1, ("bidders", "bank")), "both": Group(2, ("regulator", "others"))},
        "both",
    )


@pytest.mark.parametrize(
    ("cosigned", "enough"),
    [
        (set(), False), ({"regulator"}, False), ({"bidders", "bank"}, False), ({"regulator", "bank"}, True),
        ({"regulator", "bidders"}, True), ({"regulator", "bidders", "bank"}, True), ({"both", "others"}, False),
    ],
)  # fmt: skip
def test_the_regulator_and_any_one_of_the_others(cosigned: set[str], enough: bool) -> None:
    assert parse_policy(TEXT).satisfied(cosigned) is enough


def test_nobody_is_asked_for_where_the_quorum_is_none() -> None:
    assert parse_policy("quorum none\n").satisfied(set())


NO_POLICIES = (
    "", "quorum regulator", "quorum none\nquorum none", f"witness none {R.verifier_key}\nquorum none",
    f"witness a {R.verifier_key}\nwitness b {R.verifier_key}\nquorum a",
    f"witness a {R.verifier_key}\nwitness a {B.verifier_key}\nquorum a",
    f"witness a {R.verifier_key}\ngroup g 2 a\nquorum g", f"witness a {R.verifier_key}\ngroup g 0 a\nquorum g",
    f"witness a {R.verifier_key}\ngroup g 01 a\nquorum g", f"witness a {R.verifier_key}\ngroup g some a\nquorum g",
    f"witness a {R.verifier_key}\ngroup g any a a\nquorum g",
    f"witness a {R.verifier_key}\ngroup g any b\nquorum g",
    f"witness a {R.verifier_key}\ngroup g any a\ngroup h any a\nquorum g",
    "group g any\nquorum g", "witness a\nquorum none",
    "somebody a\nquorum none", "quorum none none", f"log {R.verifier_key}\nquorum none", "log x\nquorum none",
    f"log {note.verifier_key('a', public(1))}\nlog {note.verifier_key('b', public(1))}\nquorum none",
    "quorum none\x00", "quorum none\r", f"log {ORIGIN}+00000000+é\nquorum none", "witness a a+00000000+é\nquorum none",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_POLICIES)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        parse_policy(text)


def test_a_log_key_is_read_as_written() -> None:
    keys = [public(number) for number in range(1, 40)]
    texts = [note.verifier_key(ORIGIN, key) for key in keys]
    assert any("+" in text.split("+", 2)[2] for text in texts)  # base64 has plus signs of its own
    assert [parse_log_key(text) for text in texts] == [(ORIGIN, key) for key in keys]
