"""Redraw pictures of phones (HEIC and AVIF) as JPEG, which every browser shows.

This is a module of its own, because the decoder is large: it is loaded for these pictures alone. It
runs in the sanitiser process, whose limits of memory and time stop a picture with a false size.
"""

from __future__ import annotations

from typing import IO

from pillow_heif import register_heif_opener

from grievances.evidence.sanitiser import images
from grievances.evidence.sanitiser.protocol import Found

FORMATS = ("HEIF", "AVIF")

# One thread, because each further one takes memory of its own. Only the picture is opened.
register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Redraw the picture.

    Returns:
        `cleaned` or `failed`, as `images.clean` does. Unfit is raised as there.
    """
    return images.clean(original, copy, found, FORMATS)
