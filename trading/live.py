"""Pure. The names of groups of live sockets, all in one place."""


def group_of(scope: str) -> str:
    """The group that hears of entries about `scope`, a tender's or lot's code."""
    return f"scope.{scope}"
