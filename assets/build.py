"""Copy the parts of the user interface into one static folder.

Usage: ``python assets/build.py [node_modules] [output]`` (defaults: ``node_modules`` and
``build/static``). The output folder is made anew each time and is not kept in the repository.

GOV.UK Frontend and the Ministry of Justice styles are MIT, the font is OFL-1.1. The GDS Transport
font and the crown may not be used outside GOV.UK, so both are removed here. The build fails if a
trace of either is left (dependencies.md 4).
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FONT = '"Atkinson Hyperlegible Next",arial,sans-serif'
FONT_FILE = (
    "@fontsource-variable/atkinson-hyperlegible-next/files/"
    "atkinson-hyperlegible-next-latin-wght-normal.woff2"
)
FONT_FACE = (
    '@font-face{font-family:"Atkinson Hyperlegible Next";font-style:normal;'
    "font-weight:200 800;font-display:swap;"
    'src:url(../fonts/atkinson-next.woff2) format("woff2")}'
)
GOVUK_STYLES = "govuk-frontend/dist/govuk/govuk-frontend.min.css"
GOVUK_SCRIPT = "govuk-frontend/dist/govuk/govuk-frontend.min.js"
MOJ_STYLES = "@ministryofjustice/frontend/moj/moj-frontend.min.css"
IMAGES = "@ministryofjustice/frontend/moj/assets/images"
OWN = (
    ("fair-hearing.css", "css/fair-hearing.css"),
    ("app.js", "js/app.js"),
    ("coach.js", "js/coach.js"),
    ("passkey.js", "js/passkey.js"),
    ("favicon.svg", "images/favicon.svg"),
)


class MissingPart(Exception):
    """A file that the build needs is missing; the sentence says what to run."""


def read_part(modules: Path, name: str) -> str:
    """Return the text of one file of an installed package.

    Raises:
        MissingPart: The package is not installed.
    """
    source = modules / name
    if not source.is_file():
        raise MissingPart(f"{source} is not there. Run: npm ci --ignore-scripts")
    return source.read_text(encoding="utf-8")


def clean_styles(styles: str) -> str:
    """Return styles with our font, without the crown and source maps.

    Addresses become relative.

    Raises:
        MissingPart: A trace of the old font or the crown is left.
    """
    styles = re.sub(r"@font-face\{font-family:GDS Transport[^}]*\}", "", styles)
    styles = styles.replace("GDS Transport,arial,sans-serif", FONT)
    styles = styles.replace("/assets/", "../")
    styles = re.sub(r"url\(\.\./images/govuk-crest\.svg\)", "none", styles)
    styles = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", styles)
    for mark in ("GDS Transport", "govuk-crest"):
        if mark in styles:
            raise MissingPart(f"The styles still mention {mark}: read the new release again.")
    return styles


def used_images(styles: str) -> set[str]:
    """Return the names of the images that the styles use."""
    return set(re.findall(r"url\([\"']?\.\./images/([^)\"']+)[\"']?\)", styles))


def write_text(target: Path, text: str) -> None:
    """Write a text file, and make its folder first if it is missing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def build(modules: Path, output: Path) -> list[Path]:
    """Fill ``output`` from ``modules``.

    Returns:
        The files made, sorted by path.

    Raises:
        MissingPart: A package is not installed, or has changed beyond these rules.
    """
    govuk = FONT_FACE + clean_styles(read_part(modules, GOVUK_STYLES))
    moj = clean_styles(read_part(modules, MOJ_STYLES))
    script = re.sub(r"//# sourceMappingURL=.*", "", read_part(modules, GOVUK_SCRIPT))
    if output.exists():
        shutil.rmtree(output)
    write_text(output / "css/govuk.css", govuk)
    write_text(output / "css/moj.css", moj)
    write_text(output / "js/govuk.js", script)
    pairs = [(modules / FONT_FILE, output / "fonts/atkinson-next.woff2")]
    pairs += [(HERE / name, output / target) for name, target in OWN]
    pairs += [
        (modules / IMAGES / name, output / "images" / name)
        for name in sorted(used_images(govuk + moj))
    ]
    for source, target in pairs:
        if not source.is_file():
            raise MissingPart(f"{source} is not there. Run: npm ci --ignore-scripts")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return sorted(path for path in output.rglob("*") if path.is_file())


def main(arguments: list[str]) -> int:
    """Build from the folders in the arguments.

    Returns:
        The exit code: 1 when a part is missing.
    """
    modules = Path(arguments[0]) if arguments else HERE.parent / "node_modules"
    output = Path(arguments[1]) if len(arguments) > 1 else HERE.parent / "build" / "static"
    try:
        made = build(modules, output)
    except MissingPart as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    size = sum(path.stat().st_size for path in made)
    sys.stdout.write(f"{len(made)} files, {size // 1024} KB in {output}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
