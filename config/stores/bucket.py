"""The bucket of evidence, read from the environment.

Without one a folder has the files.
"""

from __future__ import annotations

import os
import re

from config import secrets
from config.environment import SettingRefused

BUCKET = re.compile(r"(https?)://([\w.-]+)(?::(\d{1,5}))?/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/?")
LOOPBACK = ("localhost", "127.0.0.1")


def storage() -> dict[str, object]:
    """Return the storage of an S3-compatible bucket, or an empty one.

    The address is https://HOST/BUCKET; plain HTTP is for this machine alone.

    Raises:
        SettingRefused: The address is none, or its key or secret is missing.
    """
    text = os.environ.get("EVIDENCE_S3_URL", "").strip()
    if not text:
        return {}
    found = BUCKET.fullmatch(text)
    if not found or (found[1] == "http" and found[2] not in LOOPBACK) or int(found[3] or 1) > 65535:
        raise SettingRefused(
            "EVIDENCE_S3_URL", "is not the address of a bucket", "write https://HOST/BUCKET"
        )
    options = {
        "endpoint_url": text.rstrip("/").rpartition("/")[0],
        "bucket_name": found[4],
        "access_key": _required(secrets.read("EVIDENCE_S3_KEY"), "EVIDENCE_S3_KEY"),
        "secret_key": _required(secrets.read("EVIDENCE_S3_SECRET"), "EVIDENCE_S3_SECRET"),
        "region_name": os.environ.get("EVIDENCE_S3_REGION") or "us-east-1",
        "max_memory_size": 4 * 2**20,
    }
    return {"BACKEND": "grievances.encryption.bucket.Bucket", "OPTIONS": options}


def _required(given: str | None, name: str) -> str:
    value = (given or "").strip()
    if not value:
        raise SettingRefused(name, "is missing", "set it as well")
    return value
