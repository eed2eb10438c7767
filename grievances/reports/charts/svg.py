"""Draw an SVG for a page: a strict policy allows it, and screen readers name it.

Nothing is measured: the letters are 20 units high in a drawing 480 units wide, so that a phone of
375 pixels shows all of it and its letters are readable. Plain Python.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

FONT = "Atkinson Hyperlegible Next, arial, sans-serif"
TEXT_SIZE = 20
WIDTH = 480
EDGE = 8
LETTER, BOLD_LETTER = 9.8, 11.0
"""How wide a letter is on average or a little more, in units of the drawing."""
INK = "#0b0c0c"
GREY = "#3d3d3d"
GRID = "#dee0e2"
BLUE = "#12436D"
PINK = "#801650"
WHITE = "#ffffff"
Point = tuple[float, float]
"""Units from the left and from the top."""


@dataclass
class Drawing:
    """A drawing that is added to from the back to the front."""

    marks: list[str] = field(default_factory=list)

    def rectangle(self, at: Point, size: Point, fill: str = BLUE, *, pale: bool = False) -> None:
        """Add a filled rectangle; a pale one has an edge."""
        edge = f' fill-opacity="0.4" stroke="{fill}" stroke-width="2"' if pale else ""
        (x, y), (width, height) = at, size
        self.marks.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" '
            f'fill="{fill}"{edge}/>'
        )

    def line(
        self, points: Sequence[Point], stroke: str = INK, width: int = 3, dash: str = ""
    ) -> None:
        """Add a line through these points; `dash` has the lengths of parts and gaps."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.marks.append(
            f'<polyline points="{_points(points)}" fill="none" stroke="{stroke}" '
            f'stroke-width="{width}"{dashed}/>'
        )

    def area(self, points: Iterable[Point], fill: str = BLUE) -> None:
        """Add a light area between these points."""
        self.marks.append(
            f'<polygon points="{_points(points)}" fill="{fill}" fill-opacity="0.16"/>'
        )

    def dot(self, at: Point, fill: str = BLUE, radius: float = 5.5) -> None:
        """Add a round mark."""
        self.marks.append(f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{radius}" fill="{fill}"/>')

    def diamond(self, at: Point, fill: str = PINK, reach: float = 10.0) -> None:
        """Add a square on its corner."""
        x, y = at
        corners = ((x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y))
        self.marks.append(f'<polygon points="{_points(corners)}" fill="{fill}"/>')

    def text(
        self, at: Point, words: str, fill: str = INK, anchor: str = "start", *, bold: bool = False
    ) -> None:
        """Add words; `at` is on their middle line, `anchor` says at which end."""
        weight = ' font-weight="bold"' if bold else ""
        self.marks.append(
            f'<text x="{_n(at[0])}" y="{_n(at[1])}" dy="0.35em" text-anchor="{anchor}" '
            f'fill="{fill}"{weight}>{escape(words)}</text>'
        )

    def finish(self, height: float, name: str, title: str, description: str) -> str:
        """Return the drawing as one named image; the ids in it start with `name`.

        The table beside it has the figures, so a screen reader reads title and description.
        """
        size = f"{WIDTH} {round(height)}"
        return (
            f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc" '
            f'xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{round(height)}" '
            f'viewBox="0 0 {size}" font-family="{FONT}" font-size="{TEXT_SIZE}px">'
            f'<title id="{name}-title">{escape(title)}</title>'
            f'<desc id="{name}-desc">{escape(description)}</desc>'
            f'<rect width="{WIDTH}" height="{round(height)}" fill="{WHITE}"/>'
            f"{''.join(self.marks)}</svg>"
        )


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(number: float) -> str:
    """Return a number of units with at most one digit after the point."""
    return f"{number:.1f}".removesuffix(".0")
