"""Name the release that this code is.

`CHANGELOG.md` says what each release brought.
"""

VERSION = "1.2.0"
"""The release, by semantic versioning 2.0.0 (semver.org)."""
