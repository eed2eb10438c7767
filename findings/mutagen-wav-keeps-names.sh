#!/bin/sh
# mutagen==1.48.1
#
# A WAV recording with the speaker's name in it has "no tags", and keeps the name when they go.
#
# Input: a tenth of a second of sound with a LIST/INFO chunk that names an artist (IART), where
# recorders and editors write names in WAV files. Expected: the name is told, and delete() takes it
# out. Seen: tags is None, and the name is in the file after delete(). Only an ID3 chunk counts: one
# that is added beside it is told and deleted, and the name in LIST/INFO stays as it was.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet mutagen==1.48.1 || exit 3
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
import struct
import wave
from pathlib import Path

import mutagen
from mutagen.id3 import TPE1

NAME = b"Name Of A Person"
sound = io.BytesIO()
with wave.open(sound, "wb") as out:
    out.setparams((1, 1, 8000, 800, "NONE", ""))
    out.writeframes(b"\x80" * 800)
artist = b"INFO" + b"IART" + struct.pack("<I", len(NAME)) + NAME
body = sound.getvalue()[8:] + b"LIST" + struct.pack("<I", len(artist)) + artist
path = Path("recording.wav")
path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)

recording = mutagen.File(path)
print("tags:", recording.tags)
assert recording.tags is None
recording.delete()
print("name in the file after delete():", NAME in path.read_bytes())
assert NAME in path.read_bytes()

recording.add_tags()
recording.tags.add(TPE1(3, "Second Name"))
recording.save()
assert b"Second Name" in path.read_bytes()
mutagen.File(path).delete()
left = [name for name in (NAME, b"Second Name") if name in path.read_bytes()]
print("left after an ID3 chunk was added and deleted:", left)
assert left == [NAME]
PY
