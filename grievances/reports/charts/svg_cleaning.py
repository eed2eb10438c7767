"""Clean an SVG for a page: a strict policy allows it, and screen readers name it."""

import re
from html import escape

TAG = re.compile(r"<[a-z][^>]*>")
NOISE = re.compile(r'\s(?:aria-[a-z]+|role|class)="[^"]*"')
ID = re.compile(r'(\sid="|url\(#)')


def clean_svg(svg: str, name: str, title: str, description: str) -> str:
    """Return the SVG with one role, a title, a description, and prefixed ids.

    The ids start with `name`, so that two charts on a page do not share a clip path. Roles and
    labels inside the drawing are removed: the picture is one image to a screen reader, and the
    table beside it has the figures. It expects the output of vl-convert, in which attributes and
    text are escaped.
    """
    bare = TAG.sub(lambda tag: ID.sub(rf"\g<1>{name}-", NOISE.sub("", tag[0])), svg)
    labelled = f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc"'
    opened = bare.replace("<svg", labelled, 1)
    words = f'<title id="{name}-title">{escape(title)}</title>'
    words += f'<desc id="{name}-desc">{escape(description)}</desc>'
    return opened.replace(">", f">{words}", 1)
