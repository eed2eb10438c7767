#!/bin/sh
# pillow==13.0.0
#
# A turned TIFF stands itself up while it loads; who reads the orientation first turns it twice.
#
# Input: a picture 40 wide and 20 high, blue on its left and red on its right, saved with the EXIF
# orientation 6 (upright it is 20 by 40, blue above). The common way of standing a picture up is to
# read the orientation and then to rotate. Expected: upright from every format. Seen: upright from
# JPEG, PNG and WebP; from TIFF 40 by 20 with the sides exchanged, that is turned twice. The size is
# already the upright one before loading while the orientation still says 6; after loading it is
# gone. Loading first is right for all four formats.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet pillow==13.0.0 || exit 3
"$work/venv/bin/python" - <<'PY'
import io

from PIL import ExifTags, Image

HELD = ExifTags.Base.Orientation
picture = Image.new("RGB", (40, 20), "red")
picture.paste("blue", (0, 0, 20, 20))
exif = Image.Exif()
exif[HELD] = 6


def stand_up(form: str, load_first: bool) -> tuple[tuple[int, int], bool]:
    """Its size and whether blue is above."""
    out = io.BytesIO()
    picture.save(out, form, exif=exif)
    read = Image.open(out)
    if load_first:
        read.load()
    if read.getexif().get(HELD) == 6:
        read = read.transpose(Image.Transpose.ROTATE_270)
    red, _, blue = read.convert("RGB").getpixel((2, 2))
    return read.size, blue > red


for form in ("JPEG", "PNG", "WEBP", "TIFF"):
    print(form, "asked first:", stand_up(form, False), "loaded first:", stand_up(form, True))
    assert stand_up(form, True) == ((20, 40), True)
for form in ("JPEG", "PNG", "WEBP"):
    assert stand_up(form, False) == ((20, 40), True)
assert stand_up("TIFF", False) == ((40, 20), False)
PY
