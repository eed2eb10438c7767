#!/bin/sh
# pillow-heif==1.8.1 pillow==13.0.0
#
# The same EXIF data turns a HEIC picture upright as bytes, and leaves it on its side as an object.
#
# Input: a picture 40 wide and 20 high, saved as HEIC with the EXIF orientation 6 (the camera was
# held on its side), once as Pillow's Image.Exif and once as the bytes of that object.
# Expected: the same picture twice. Seen: 20 by 40, upright, from the bytes; 40 by 20, on its side,
# from the object. Reading sets the orientation to 1 in both, so a viewer that asks for it is told
# that the picture on its side is upright. Pillow's own formats read both forms alike.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet pillow-heif==1.8.1 pillow==13.0.0 || exit 3
"$work/venv/bin/python" - <<'PY'
import io

import pillow_heif
from PIL import ExifTags, Image

pillow_heif.register_heif_opener()
picture = Image.new("RGB", (40, 20), "red")
exif = Image.Exif()
exif[ExifTags.Base.Orientation] = 6


def saved(form: str, given: object) -> tuple[tuple[int, int], int | None]:
    out = io.BytesIO()
    picture.save(out, form, exif=given)
    read = Image.open(out)
    return read.size, read.getexif().get(ExifTags.Base.Orientation)


print("HEIC, EXIF as bytes:", saved("HEIF", exif.tobytes()))
print("HEIC, EXIF as an object:", saved("HEIF", exif))
print("JPEG, both:", saved("JPEG", exif.tobytes()), saved("JPEG", exif))
assert saved("HEIF", exif.tobytes()) == ((20, 40), 1)
assert saved("HEIF", exif) == ((40, 20), 1)
assert saved("JPEG", exif.tobytes()) == saved("JPEG", exif) == ((40, 20), 6)
PY
