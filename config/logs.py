"""A log formatter that writes where an error happened, but not its message.

The message of an exception may hold personal data.
"""

import logging
import traceback
from types import TracebackType

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class CarefulFormatter(logging.Formatter):
    """A formatter that writes an exception as its type and its places in the code.

    It leaves out the message, because an exception often quotes what a person typed. The type and
    the line are enough to repair the fault.
    """

    def formatException(self, ei: Failure) -> str:  # noqa: N802  (the name is the library's)
        """Return the frames of a failure and the name of its type."""
        kind, _, frames = ei
        places = "".join(traceback.format_tb(frames))
        return f"{places}{kind.__name__ if kind else ''}"
