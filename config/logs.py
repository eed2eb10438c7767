"""A log formatter that writes where an error happened, and no more.

The message of an exception may hold personal data, and an address may hold the secret of a link.
"""

import logging
import traceback
from types import TracebackType

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class CarefulFormatter(logging.Formatter):
    """A formatter that writes an exception as its type and its places in the code.

    It leaves out the message, because an exception often quotes what a person typed. The type and
    the line are enough to repair the fault. A line about a request names the route of its address,
    since the address itself may hold the secret of a link.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of a request it tells the method and the route."""
        # Another formatter may have put the whole exception into the record.
        told = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        request = getattr(record, "request", None)
        if request is None or not hasattr(request, "resolver_match"):
            return super().format(told)
        match = request.resolver_match
        route = match.route if match is not None else "an address that is not there"
        status = getattr(record, "status_code", "refused")
        told.msg, told.args = "%s at %s %s", (status, request.method, route)
        return super().format(told)

    def formatException(self, ei: Failure) -> str:  # noqa: N802  (the name is the library's)
        """Return the frames of a failure and the name of its type."""
        kind, _, frames = ei
        places = "".join(traceback.format_tb(frames))
        return f"{places}{kind.__name__ if kind else ''}"
