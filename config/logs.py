"""Says how the house writes its logs: one JSON object a line, one file a process, in `var/log`.

Enters: the folder and the name of the process. Leaves: the LOGGING setting, and structlog bound to it. The words of
a log are for operators; evidence is in the ledger alone.
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


def logging_setting(folder: Path, process: str) -> dict[str, Any]:
    """Everything from INFO up goes to `folder/process.jsonl`, warnings also to the terminal."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.dict_tracebacks,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            },
            "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {
            "file": {
                "class": "logging.handlers.WatchedFileHandler",
                "filename": str(folder / f"{process}.jsonl"),
                "encoding": "utf-8",
                "delay": True,
                "formatter": "json",
            },
            "terminal": {"class": "logging.StreamHandler", "level": "WARNING", "formatter": "plain"},
        },
        "root": {"handlers": ["file", "terminal"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "propagate": False},
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
