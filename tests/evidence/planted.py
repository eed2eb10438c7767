"""What is planted in documents: a name, an account, a folder and a picture that has them."""

from __future__ import annotations

import io

from PIL import Image

WHO = "Alma Testwright"
ACCOUNT = "Alma.Testwright"
WORDS = "KEEP-THESE-WORDS"


def picture(form: str) -> bytes:
    """A picture with an artist."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x013B] = WHO
    Image.new("RGB", (64, 48), "navy").save(out, form, exif=exif)
    return out.getvalue()


MINE = f"file:///C:/Users/{ACCOUNT}/diary.docx"
