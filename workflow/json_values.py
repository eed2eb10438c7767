"""JSON as it is stored and read: only who uses a value knows its shape."""

from collections.abc import Mapping
from typing import Any

JsonObject = dict[str, Any]
"""One JSON object that is made here, or read from where we stored it."""

JsonMapping = Mapping[str, Any]
"""One JSON object that is only read."""
