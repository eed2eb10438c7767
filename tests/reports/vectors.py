"""The worked examples of domain.md 9 and 10, as data."""

import json
from pathlib import Path
from typing import Any

PATH = Path(__file__).parents[1] / "reference" / "test_vectors.json"
VECTORS: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
