"""Every kind of trade in this folder. Enters: a code. Leaves: its `Procedure`; a new file is found by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from ledger.errors import _, refused
from trading import procedures
from trading.procedures.procedure import Procedure

NOT_KINDS = frozenset({"procedure", "known"})


@cache
def known() -> Mapping[str, Procedure]:
    """All procedures by code. A file without `PROCEDURE`, or with the code of another, is a mistake of ours."""
    found: dict[str, Procedure] = {}
    for module in iter_modules(procedures.__path__, "trading.procedures."):
        if module.name.rpartition(".")[2] not in NOT_KINDS:
            procedure: Procedure = import_module(module.name).PROCEDURE
            if procedure.code in found:
                raise ValueError(f"two procedures are called {procedure.code}")
            found[procedure.code] = procedure
    return MappingProxyType(found)


def procedure_of(code: str) -> Procedure:
    """The procedure called `code`. Refused `trading.procedure_unknown`."""
    if code not in known():
        refused("trading.procedure_unknown", _("There is no kind of trade called %(kind)s."), kind=code)
    return known()[code]
