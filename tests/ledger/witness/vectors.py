"""The vectors of witness policies and cosignatures that the Python and TypeScript twins share.

`python -m tests.ledger.witness.vectors` writes tests/vectors/witness.json anew: policies with the sets that satisfy
them, texts that are no policy, and notes with the witnesses whose cosignatures count from an instant on.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import chain, combinations
from pathlib import Path

from ledger import note
from ledger.errors import Broken
from ledger.witness.cosignature import cosign
from ledger.witness.policy import cosigners, parse_policy
from tests.ledger.witness.makers import NOON, checkpoint, key
from tests.ledger.witness.test_policy import NO_POLICIES, TEXT, R

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "witness.json"
SINCE = datetime.fromtimestamp(NOON, UTC)
ONE = f"witness regulator {R.verifier_key}\n"
POLICIES = (
    TEXT, f"{ONE}quorum regulator", "quorum none\n", "# nobody\n\n \tquorum   none ",
    TEXT.replace("group both all", "group both any"), TEXT.replace("others any", "others 2"),
)  # fmt: skip
NAMES = {"regulator.example": 2, "bidders.example": 3, "bank.example": 4}


def taken() -> list[dict[str, object]]:
    """Each policy with every set of its witnesses that makes its quorum."""
    found: list[dict[str, object]] = []
    for text in POLICIES:
        policy = parse_policy(text)
        names = sorted(policy.witnesses)
        sets = chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))
        found.append({"policy": text, "names": names, "enough": [some for some in sets if policy.satisfied(some)]})
    return found


def refused() -> list[str]:
    """Texts that are no policy."""
    found = [*NO_POLICIES, ONE.replace("+", "+0", 1) + "quorum none", ONE.replace(".example+", "+") + "quorum none"]
    for text in found:
        try:
            parse_policy(text)
        except Broken:
            continue
        raise ValueError(f"this is a policy: {text}")
    return found


def lines() -> dict[str, str]:
    """Signature lines under one checkpoint, good ones and spoiled ones."""
    point = checkpoint(5)
    good = {name: cosign(point, name, key(number), NOON) for name, number in NAMES.items()}
    bank = good["bank.example"]
    return {
        **good,
        "early": cosign(point, "bank.example", key(4), NOON - 1),
        "later": cosign(point, "bank.example", key(4), NOON + 1),
        "never": cosign(point, "bank.example", key(4), 2**63),
        "another size": cosign(checkpoint(6), "bank.example", key(4), NOON),
        "another history": cosign(checkpoint(5, "b"), "bank.example", key(4), NOON),
        "another key": cosign(point, "bank.example", key(9), NOON),
        "another name": cosign(point, "bank.elsewhere", key(4), NOON),
        "a hyphen": bank.replace("\u2014", "-"),
        "no base64": bank[:-2] + "*\n",
        "no ASCII": bank[:-2] + "é\n",
        "cut": bank[:-9] + "\n",
        "no dash": bank[2:],
        "a space more": bank.replace(" bank", "  bank"),
    }


def notes() -> list[dict[str, object]]:
    """A signed checkpoint with each of the lines, with some and with none, and who has cosigned it by that."""
    signed, given, policy = note.sign(checkpoint(5), key(1)).decode(), lines(), parse_policy(TEXT)
    several = ["".join(given[name] for name in NAMES), given["early"] + given["later"], given["bank.example"] * 2, ""]
    found: list[dict[str, object]] = []
    for more in [*given.values(), *several]:
        text = signed + more
        found.append({"note": text, "cosigners": sorted(cosigners(text.encode(), policy, SINCE))})
    return found


def witness_vectors() -> dict[str, object]:
    """What the file holds."""
    since = str(NOON * 1_000_000)
    return {"taken": taken(), "refused": refused(), "policy": TEXT, "since": since, "notes": notes()}


def text_of(found: dict[str, object]) -> str:
    """The file."""
    return json.dumps(found, indent=1) + "\n"


if __name__ == "__main__":
    VECTORS.write_text(text_of(witness_vectors()))
