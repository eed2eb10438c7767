"""Make an SVG fit for a page: allowed by a strict policy, and named for screen readers."""

import re
from html import escape

TAG = re.compile(r"<[a-z][^>]*>")
NOISE = re.compile(r'\s(?:aria-[a-z]+|role|class)="[^"]*"')
ID = re.compile(r'(\sid="|url\(#)')


def clean_svg(svg: str, name: str, title: str, description: str) -> str:
    """Give the drawing one role, a title and a description, and ids that start with `name`.

    Roles and labels inside the drawing are dropped: the picture is one image to a screen reader,
    and the table beside it has the figures. The ids keep two charts on a page from sharing a clip
    path. Expects what vl-convert writes, where attributes and text are escaped.
    """
    bare = TAG.sub(lambda tag: ID.sub(rf"\g<1>{name}-", NOISE.sub("", tag[0])), svg)
    labelled = f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc"'
    opened = bare.replace("<svg", labelled, 1)
    words = f'<title id="{name}-title">{escape(title)}</title>'
    words += f'<desc id="{name}-desc">{escape(description)}</desc>'
    return opened.replace(">", f">{words}", 1)
