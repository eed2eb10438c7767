"""Logs tell where something failed, never the words it failed on."""

import logging
import traceback
from types import TracebackType

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class CarefulFormatter(logging.Formatter):
    """Writes an exception as its type and its places in the code, without its message.

    An exception often quotes what a person typed; the type and the line are enough to mend it.
    """

    def formatException(self, ei: Failure) -> str:  # noqa: N802  (the name is the library's)
        """The frames of a failure and the name of its type."""
        kind, _, frames = ei
        places = "".join(traceback.format_tb(frames))
        return f"{places}{kind.__name__ if kind else ''}"
