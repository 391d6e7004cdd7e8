"""Says how the house writes its logs: one JSON object a line, in `var/log`, each process two files of its own.

Enters: the folder and the name of the process. Leaves: the LOGGING setting, and structlog bound to it. The words of
a log are for operators; evidence is in the ledger alone.

A line has a time or a person, never both: `<process>.jsonl` tells when and names nobody, `<process>-visits.jsonl` names
users and addresses and tells the day. So who signed in at noon cannot be laid beside who opened a lot a second later
(sealing.md, "Who bid stays hidden too"). Errors are told without the values of variables: one of them may be a share.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

VISITS = "sunlight.visit"  # the logger of lines that name somebody
TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, use_rich=False)
)
REST: list[structlog.typing.Processor] = [
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    TRACEBACKS,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]


def day_alone(_logger: object, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Cut the time of a line to its day."""
    return {**line, "timestamp": str(line["timestamp"])[: len("2026-01-01")]}


def _file(path: Path, formatter: str) -> dict[str, Any]:
    return {
        "class": "logging.handlers.WatchedFileHandler",
        "filename": str(path),
        "encoding": "utf-8",
        "delay": True,
        "formatter": formatter,
    }


def _json(*processors: structlog.typing.Processor) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [*processors, *REST],
    }


def logging_setting(folder: Path, process: str) -> dict[str, Any]:
    """Everything from INFO up goes to `folder/process.jsonl`, warnings also to the terminal; visits to a file alone."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": _json(),
            "day": _json(day_alone),
            "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {
            "file": _file(folder / f"{process}.jsonl", "json"),
            "visits": _file(folder / f"{process}-visits.jsonl", "day"),
            "terminal": {"class": "logging.StreamHandler", "level": "WARNING", "formatter": "plain"},
        },
        "root": {"handlers": ["file", "terminal"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "propagate": False},
            VISITS: {"handlers": ["visits"], "propagate": False},
        },
    }


def bind_structlog() -> None:
    """Send structlog through the standard library, so that one setting rules both."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
