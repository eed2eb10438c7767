"""Log formatters that write what happened and where, and no word of a person.

The message of an exception may hold personal data, and an address may hold the secret of a link. So
an exception is told by its type and its places in the code, and a request by the route of its
address. In production each line is one JSON object, with the id of its request.
"""

import logging
import traceback
from collections.abc import Mapping
from types import TracebackType

import structlog
from structlog.typing import EventDict

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

Arguments = tuple[object, ...] | Mapping[str, object] | None
"""What a record fills its message with."""

TASKS = "celery.app.trace"
"""The logger whose lines quote what a task raised."""
QUOTED = ("exc", "traceback", "args", "kwargs")
"""The parts of such a line that could hold words."""


def configuration(line_format: str, level: str) -> dict[str, object]:
    """Return the settings of `logging`: all to standard error, from `level` on.

    `line_format` is `plain` or `json`.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {
                "()": "config.logs.CarefulFormatter",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            },
            "json": {"()": "config.logs.json_lines"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": line_format}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "fairhearing": {"level": "INFO"},
        },
    }


class CarefulFormatter(logging.Formatter):
    """A formatter of plain lines, with the places of an exception below."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of a request it tells the method and the route."""
        # Another formatter may have put the whole exception into the record.
        told = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        request = request_facts(record)
        if request:
            told.msg, told.args = "%(status)s at %(method)s %(route)s", request
        else:
            told.args = unquoted(record)
        return super().format(told)

    def formatException(self, ei: Failure) -> str:  # noqa: N802  (the name is the library's)
        """Return the frames of a failure and the name of its type."""
        kind, _, frames = ei
        places = "".join(traceback.format_tb(frames))
        return f"{places}{kind.__name__ if kind else ''}"


class JsonLines(structlog.stdlib.ProcessorFormatter):
    """The library's formatter, given records that quote nothing."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return super().format(
            logging.makeLogRecord({**record.__dict__, "args": unquoted(record), "exc_text": None})
        )


def json_lines() -> logging.Formatter:
    """Return the formatter of JSON lines: one for each record, whatever it tells."""
    return JsonLines(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            tell_carefully,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
    )


def tell_carefully(_: object, __: str, line: EventDict) -> EventDict:
    """Return the fields of a line without the words of an exception or an address."""
    record: logging.LogRecord = line["_record"]
    failure = line.pop("exc_info", None)  # the last step would write it out
    request = request_facts(record)
    if request:
        line.update({"event": "request failed", **request})
    if isinstance(failure, tuple) and failure[0] is not None:
        kind, _, frames = failure
        line["error"] = kind.__name__
        line["places"] = [
            f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(frames)
        ]
    return line


def request_facts(record: logging.LogRecord) -> dict[str, object]:
    """Return status, method and route of a record; empty without a request."""
    request = getattr(record, "request", None)
    if request is None or not hasattr(request, "resolver_match"):
        return {}
    match = request.resolver_match
    return {
        "status": getattr(record, "status_code", "refused"),
        "method": request.method,
        "route": match.route if match is not None else "an address that is not there",
    }


def unquoted(record: logging.LogRecord) -> Arguments:
    """Return the arguments of a record, without what a task raised or was given."""
    if record.name != TASKS or not isinstance(record.args, dict):
        return record.args
    return {**record.args, **dict.fromkeys(QUOTED, "")}
