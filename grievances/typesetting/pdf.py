"""PDF files for screen readers: tagged, with a title, a language and headings.

Typst sets them by PDF/UA-1 (ISO 14289-1). A layout is a file in `templates/pdf`; the words come to
it as data, so nothing that a person wrote is ever read as a command. The same words give the same
bytes.
"""

import json
from collections.abc import Mapping
from datetime import date
from importlib import import_module
from pathlib import Path

LAYOUTS = Path(__file__).parents[2] / "templates" / "pdf"
MIME = "application/pdf"


def write_pdf(layout: str, content: Mapping[str, object], made_on: date) -> bytes:
    """Return a PDF of a layout, such as "report", with this content.

    `content` is plain JSON data with a "title"; which keys it needs, the layout says. `made_on` is
    the local date of the document. Words in a script that no font of this machine has are shown as
    boxes; the file is tagged all the same, and makes no claim to the standard.

    Raises:
        FileNotFoundError: There is no such layout.
    """
    file = LAYOUTS / f"{layout}.typ"
    if not file.is_file():
        raise FileNotFoundError(f"templates/pdf has no layout {layout}")
    said = {"content": json.dumps({**content, "made_on": made_on.isoformat()})}
    # A process that sets no type does without it.
    typst = import_module("typst")
    try:
        pdf: bytes = typst.compile(file, root=LAYOUTS, pdf_standards="ua-1", sys_inputs=said)
    except typst.TypstError:
        pdf = typst.compile(file, root=LAYOUTS, sys_inputs=said)
    return pdf
