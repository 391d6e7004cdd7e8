"""Every code that an opening can give is a sentence to people, the one that the code's own place says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from bidding.opening.reasons import HEADER, OF_HEADERS, SENTENCES, why

ROOT = Path(__file__).resolve().parents[3]
ENVELOPE = (
    "header", "manifest", "names", "padding", "policy", "receiving", "stanza", "stream", "unpacking",
    "unsealing", "x25519",
)  # fmt: skip
GIVERS = [
    *(f"bidding/envelope/{name}.py" for name in ENVELOPE),
    "bidding/opening/deciding.py", "bidding/opening/attempts.py", "bidding/opening/opened.py",
    "bidding/opening/cover.py", "guarantees/checking.py", "guarantees/cover.py", "trading/signatures.py",
]  # fmt: skip
CODE = re.compile(r"(bidding|cover|signature)\.[a-z0-9_]+")
ELSEWHERE = {  # told to a bidder or custodian about the own key or file, and by no opening
    "bidding.key_text", "bidding.no_match", "bidding.not_on_sheet",
}  # fmt: skip
SHORTER = {"bidding.manifest", "bidding.leaf_closed"}  # without the field; said of custodians, not of a key


def givers() -> Iterator[ast.Module]:
    yield from (ast.parse((ROOT / one).read_text(encoding="utf-8")) for one in GIVERS)


def texts(call: ast.Call) -> Iterator[tuple[str, str]]:
    """The code and the sentence of `refused(code, _(text))` or `Reason(code, _(text))`."""
    match call.args:
        case [ast.Constant(value=str(code)), ast.Call(args=[ast.Constant(value=str(text))]), *_]:
            yield code, text


def test_every_code_has_its_sentence() -> None:
    nodes = [node for tree in givers() for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    codes = {node.value for node in nodes if isinstance(node.value, str) and CODE.fullmatch(node.value)}
    assert len(codes) > 60
    assert (codes | set(signature_codes())) - SENTENCES.keys() == ELSEWHERE


def signature_codes() -> Iterator[str]:
    tree = ast.parse((ROOT / "ledger/cms.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="_bad"), args=[ast.Constant(value=str(word)), _text]):
                yield f"signature.{word}"


def test_the_sentence_is_that_of_the_place_where_the_code_is_given() -> None:
    said = {pair for tree in givers() for node in ast.walk(tree) if isinstance(node, ast.Call) for pair in texts(node)}
    short = SHORTER | ELSEWHERE | {f"bidding.{word}" for word in OF_HEADERS}
    assert {(code, SENTENCES[code]) for code, _text in said if code not in short} == {
        (code, text) for code, text in said if code not in short
    }
    assert {SENTENCES[f"bidding.{word}"] for word in OF_HEADERS} == {HEADER}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_people_read_it_in_both_languages(code: str) -> None:
    with translation.override("en"):
        english = why(code)
    with translation.override("zh-hans"):
        chinese = why(code)
    assert english == SENTENCES[code]
    assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_a_code_that_no_opening_gives_is_left_as_it_is() -> None:
    assert why("form.missing") == "form.missing"
