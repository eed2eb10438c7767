"""The bucket of sealed files; loaded only where EVIDENCE_S3_URL names one.

Many people wait for it at once, so it has short times and few tries. Checksums are sent only where
a server asks for them, as not every S3-compatible one knows them.
"""

from __future__ import annotations

from botocore.config import Config
from storages.backends.s3 import S3Storage

CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 30, 2


class Bucket(S3Storage):  # type: ignore[misc]  # the library has no types
    """An S3-compatible bucket whose names are those of the folder."""

    def get_default_settings(self) -> dict[str, object]:
        """Return the library's settings with ours."""
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES},
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        ours = {"client_config": config, "file_overwrite": True, "default_acl": None}
        return {**super().get_default_settings(), **ours}
