#!/bin/sh
# puremagic==1.30 pillow==13.0.0 pillow-heif==1.8.1
#
# A phone's photo (HEIC) is named a film.
#
# Input: a picture of 64 by 64 pixels that pillow-heif writes as HEIC, and the same bytes in a file
# whose name ends in .heic. Expected: ".heif". Seen: ".mp4" and "video/mp4", from the bytes and from
# the file. The longer match "ftypheic" is found as well. It is weighed the same, 0.8, as a rule for
# MP4 that knows only the length of the first box, 28 bytes, and it comes second.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet \
    puremagic==1.30 pillow==13.0.0 pillow-heif==1.8.1 || exit 3
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io

import pillow_heif
import puremagic
from PIL import Image

pillow_heif.register_heif_opener()
out = io.BytesIO()
Image.new("RGB", (64, 64), "red").save(out, "HEIF")
photo = out.getvalue()
with open("photo.heic", "wb") as file:
    file.write(photo)
guesses = [(guess.extension, guess.byte_match, guess.confidence) for guess in
           puremagic.magic_string(photo)]
print("starts with", photo[:12])
print("guesses", guesses)
print("from the bytes", puremagic.from_string(photo, mime=True))
print("from the file", puremagic.from_file("photo.heic"))
assert photo[4:12] == b"ftypheic"
assert puremagic.from_string(photo, mime=True) == "video/mp4"
assert puremagic.from_file("photo.heic") == ".mp4"
assert (".heif", b"ftypheic", 0.8) in guesses
PY
