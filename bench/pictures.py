"""Measure cleaning a photo with a second picture in it, beside one without.

Source: performance.md; the second picture is a gain map or a monitor picture (CIPA DC-007).
"""

import io
from collections.abc import Iterable
from functools import partial

from PIL import Image

from bench.stopwatch import in_turn
from bench.table import Line
from grievances.choices import Cleaning
from grievances.evidence import upload

SIZES = {"12": (4000, 3000), "48": (8000, 6000)}
ROUNDS = 5
GOAL = 1.1


def measure(scale: str) -> Iterable[Line]:
    """Return the time and the size of the copy, for 12 and 48 million pixels.

    `scale` changes nothing: photos have these sizes.
    """
    lines = []
    for name, size in SIZES.items():
        alone, both = _photos(size)
        sizes: dict[bytes, int] = {}
        plain, second = in_turn(ROUNDS, partial(_clean, alone, sizes), partial(_clean, both, sizes))
        what = f"Photo of {name} megapixels with a second picture"
        lines.append(Line(f"{what}: cleaning", second, "the photo without", plain, GOAL))
        kilobytes = (sizes[both] / 1024, sizes[alone] / 1024)
        lines.append(
            Line(f"{what}: copy", kilobytes[0], "the photo without", kilobytes[1], GOAL, "KB")
        )
    return lines


def _photos(size: tuple[int, int]) -> tuple[bytes, bytes]:
    """Return the same photo without and with a second picture, as JPEG."""
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 40).resize(size)
    photo = Image.merge("RGB", (noise, Image.linear_gradient("L").resize(size), noise))
    second = photo.resize((size[0] // 4, size[1] // 4))
    alone, both = io.BytesIO(), io.BytesIO()
    photo.save(alone, "JPEG", quality=85)
    photo.save(both, "MPO", save_all=True, append_images=[second], quality=85)
    return alone.getvalue(), both.getvalue()


def _clean(body: bytes, sizes: dict[bytes, int]) -> None:
    file = upload.receive("photo.jpg", iter([body]))
    file.examine()
    assert file.cleaning == Cleaning.CLEANED, file.found
    assert file.copy is not None
    sizes[body] = file.copy.size
    file.close()
