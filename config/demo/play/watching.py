"""The regulator listens to the live rooms from the notice on."""

from __future__ import annotations

from config.demo.play.tale import Tale


def begin(tale: Tale) -> None:
    """Listen for entries about the tender and each lot."""
    regulator = tale.troupe.regulator
    with tale.narrator.step("·", "监管在线", "The regulator listens", until=""):
        tale.watches = {scope: regulator.watch(scope) for scope in (tale.tender, *tale.lots)}
        regulator.say("实时监看项目与各标段", "watches the tender and its lots live")


def end(tale: Tale) -> None:
    """Hang up, and say how much was heard."""
    with tale.narrator.step("·", "监管小结", "What the regulator heard", until=""):
        heard = {scope: len(set(watch.close())) for scope, watch in tale.watches.items()}
        for scope, count in heard.items():
            tale.narrator.fact(f"{scope}：实时收到 {count} 条记录", f"{count} entries heard as they came")
