#!/bin/sh
# pillow==13.0.0
#
# Saving a photo as AVIF takes the orientation out of the EXIF object that the caller keeps.
#
# Input: a JPEG photo with the EXIF orientation 6, opened once and saved twice with the EXIF data of
# the opened photo, first as AVIF and then as JPEG. Expected: both say how the camera was held.
# Seen: the AVIF file does; the object is empty afterwards, so the JPEG says nothing and lies on its
# side. In the other order both are right. WebP, PNG and JPEG leave the object alone.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet pillow==13.0.0 || exit 3
"$work/venv/bin/python" - <<'PY'
import io

from PIL import ExifTags, Image

HELD = ExifTags.Base.Orientation
turned = Image.Exif()
turned[HELD] = 6
original = io.BytesIO()
Image.new("RGB", (40, 20), "red").save(original, "JPEG", exif=turned)


def orientations(*formats: str) -> list[int | None]:
    photo = Image.open(io.BytesIO(original.getvalue()))
    seen = []
    for form in formats:
        out = io.BytesIO()
        photo.save(out, form, exif=photo.getexif())
        seen.append(Image.open(out).getexif().get(HELD))
    return seen


print("AVIF, then JPEG:", orientations("AVIF", "JPEG"))
print("JPEG, then AVIF:", orientations("JPEG", "AVIF"))
print("WebP, PNG, JPEG:", orientations("WEBP", "PNG", "JPEG"))
assert orientations("AVIF", "JPEG") == [6, None]
assert orientations("JPEG", "AVIF") == [6, 6]
assert orientations("WEBP", "PNG", "JPEG") == [6, 6, 6]
PY
