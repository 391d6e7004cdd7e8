"""Checks 1 and 2: heads, objects and checkpoints that are not in their one form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import note
from supervision.verifier.archive import members_of
from supervision.verifier.case import PUBLIC, Case
from tests.supervision.forger import KEY, Forger, Lie
from tests.supervision.verifier.told.vouching import spare

TENDER = "sl-2026-0001"
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)


def after(to: Callable[[Case], Case]) -> Lie:
    """A finished bundle that is changed."""

    def lie(forger: Forger) -> None:
        forger.afterwards = lambda case: replace(to(case), _worked_out={})

    return lie


def lots(*names: str) -> Lie:
    """The head names other lots."""
    return after(lambda case: replace(case, lots=names))


def objects(to: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Lie:
    """Other objects, and a head that says so."""

    def told(case: Case) -> Case:
        found = replace(case, objects=to(dict(case.objects)), _worked_out={})
        return replace(found, members=members_of(found))

    return after(told)


def first_renamed(to: Callable[[str], str]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """The first object under another name."""

    def told(all_: dict[str, bytes]) -> dict[str, bytes]:
        name = min(all_)
        return {**{one: data for one, data in all_.items() if one != name}, to(name): all_[name]}

    return told


def first_other(all_: dict[str, bytes]) -> dict[str, bytes]:
    return {**all_, min(all_): b"x"}


def last_other(all_: dict[str, bytes]) -> dict[str, bytes]:
    return {**all_, list(all_)[-1]: b"x"}


def members(to: Callable[[dict[str, str]], dict[str, str]]) -> Lie:
    """The head says something else of the members."""
    return after(lambda case: replace(case, members=to(dict(case.members))))


def other_word(of: str) -> Lie:
    """The head says of the first such member that it is something else."""

    def told(all_: dict[str, str]) -> dict[str, str]:
        name = min(one for one in all_ if one.startswith(of))
        return {**all_, name: "something"}

    return members(told)


def public(*, private: bool) -> Lie:
    """The bundle calls itself public."""

    def told(case: Case) -> Case:
        found = replace(case, kind=PUBLIC, private=case.private if private else {}, _worked_out={})
        return replace(found, members=members_of(found))

    return after(told)


def signed(to: Callable[[str], str]) -> Lie:
    """The checkpoint is written otherwise."""
    return after(lambda case: replace(case, note=to(case.note.decode()).encode()))


def last_line(to: Callable[[str], str]) -> Lie:
    """The line of the signature is written otherwise."""

    def told(text: str) -> str:
        head, gap, line = text.rpartition(note.DASH)
        return f"{head}{to(f'{gap}{line}')}"

    return signed(told)


def signed_by(key: Ed25519PrivateKey, origin: str | None = None, *, trusted: bool = False) -> Lie:
    """The checkpoint of a log under another key or name; `trusted` when the key is held for that name."""

    def lie(forger: Forger) -> None:
        def told(case: Case) -> Case:
            state = note.text_of(case.note)
            return replace(case, note=note.sign(replace(state, origin=origin or state.origin), key), _worked_out={})

        forger.afterwards = told
        if trusted and origin:
            forger.trust = replace(forger.trust, log=replace(forger.trust.log, name=origin))

    return lie


LIES: list[tuple[int, str, str, Lie]] = [
    *((1, "whole", what, lie) for what, lie in (
        ("no lot", lots()),
        ("one lot", lots(f"{TENDER}-1")),
        ("lots that are named twice", lots(f"{TENDER}-1", f"{TENDER}-1")),
        ("a lot of another tender", lots(f"{TENDER}-1", "sl-2026-0002-1")),
        ("a lot with the number 0", lots(f"{TENDER}-0")),
        ("a lot with the number 99", lots(f"{TENDER}-99")),
        ("a lot with the number 100", lots(f"{TENDER}-100")),
        ("a lot without a number", lots(f"{TENDER}-")),
        ("a lot that is a word", lots(f"{TENDER}-1", f"{TENDER}-one")),
        ("the first object is another", objects(first_other)),
        ("the last object is another", objects(last_other)),
        ("two objects are others", objects(lambda all_: first_other(last_other(all_)))),
        ("an object in capital letters", objects(first_renamed(str.upper))),
        ("an object with a longer name", objects(first_renamed(lambda name: f"{name}0"))),
        ("an object that is no digest", objects(first_renamed(lambda _name: "page"))),
        ("an object that nobody names", objects(lambda all_: {**all_, "0" * 64: b""})),
        *((f"another word for {of}", other_word(of)) for of in (
            "README.md", "checkpoint", "entries.json", "witnesses.json", "timestamps.json", "objects/", "private/")),
        ("a member that the head does not name", members(lambda all_: dict(list(all_.items())[1:]))),
        ("a member that is not here", members(lambda all_: {**all_, "objects/x": ""})),
        ("a public bundle with private parts", public(private=True)),
        ("a public bundle without them", public(private=False)),
        ("private parts of another ending", lambda forger: forger.private.update({"x.key": b"", "plain": b""})),
        ("a bidder's own share", lambda forger: forger.private.update({f"{TENDER}-1/x.share": b""})),
    )),
    *((2, "whole", what, lie) for what, lie in (
        ("another key", signed_by(OTHER)),
        ("the state of another log", signed_by(KEY, "sunlight.invalid/other")),
        ("the state of another log that is held for this one", signed_by(KEY, "sunlight.invalid/other", trusted=True)),
        ("no signature", last_line(lambda _line: "")),
        ("the signature twice", last_line(lambda line: line + line)),
        ("an empty line more", last_line(lambda line: f"{line}\n")),
        ("no line feed", last_line(lambda line: line.removesuffix("\n"))),
        ("two spaces", last_line(lambda line: "  ".join(line.rsplit(" ", 1)))),
        ("bits to spare", last_line(spare)),
        ("another line besides", last_line(lambda line: f"{line}{note.DASH}example.org/w1 AAAA\n")),
        ("another line before it", last_line(lambda line: f"{note.DASH}example.org/w1 AAAA\n{line}")),
        ("under another name", last_line(lambda line: line.replace(TENDER[:2], "xx").replace("sunlight", "moonlight"))),
        ("no checkpoint", signed(lambda _text: "")),
        ("a line of text more", signed(lambda text: text.replace("\n\n", "\nmore\n\n"))),
    )),
]  # fmt: skip
