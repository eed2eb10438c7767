"""Pictures as phones keep them (HEIC and AVIF): drawn anew as JPEG, which every browser shows.

A module of its own, because the decoder is large: it is loaded for these pictures alone, in the
washing process, whose limits of memory and time are what a lie about the size comes up against.
"""

from __future__ import annotations

from typing import IO

from pillow_heif import register_heif_opener

from grievances.evidence.sanitiser import images
from grievances.evidence.sanitiser.protocol import Found

FORMATS = ("HEIF", "AVIF")

# One thread: each further one would take memory of its own. Nothing but the picture is opened.
register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Draw the picture anew; raises Unfit as `pictures.clean` does."""
    return images.clean(original, copy, found, FORMATS)
