"""The parts of the interface are copied whole, without the font and the crown of GOV.UK."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.build import FONT_FILE, GOVUK_SCRIPT, GOVUK_STYLES, IMAGES, MOJ_STYLES, build, main

STYLES = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
    ".a{font-family:GDS Transport,arial,sans-serif;background:url(/assets/images/govuk-crest.svg)}"
    ".b{background:url(/assets/images/tick.svg)}/*# sourceMappingURL=x.css.map */"
)


def install(modules: Path, styles: str = STYLES) -> Path:
    parts = {
        GOVUK_STYLES: styles,
        MOJ_STYLES: ".c{}",
        GOVUK_SCRIPT: "export{};\n//# sourceMappingURL=x.js.map",
        FONT_FILE: "font",
        f"{IMAGES}/tick.svg": "<svg/>",
    }
    for name, text in parts.items():
        target = modules / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return modules


def test_the_build_takes_out_the_font_the_crown_and_the_source_maps(tmp_path: Path) -> None:
    build(install(tmp_path / "node_modules"), tmp_path / "out")
    styles = (tmp_path / "out/css/govuk.css").read_text(encoding="utf-8")
    assert "Atkinson Hyperlegible Next" in styles
    assert "url(../images/tick.svg)" in styles
    for gone in ("GDS", "crest", "/assets/", "sourceMappingURL"):
        assert gone not in styles
    assert "sourceMappingURL" not in (tmp_path / "out/js/govuk.js").read_text(encoding="utf-8")
    assert (tmp_path / "out/images/tick.svg").is_file()
    assert (tmp_path / "out/css/fair-hearing.css").is_file()


def test_the_build_leaves_nothing_of_the_last_one(tmp_path: Path) -> None:
    modules = install(tmp_path / "node_modules")
    build(modules, tmp_path / "out")
    (tmp_path / "out/css/old.css").write_text("x", encoding="utf-8")
    build(modules, tmp_path / "out")
    assert not (tmp_path / "out/css/old.css").exists()


@pytest.mark.parametrize(
    ("styles", "sentence"), [(".a{font:GDS Transport}", "GDS Transport"), (None, "npm ci")]
)
def test_the_build_stops_with_a_sentence_when_a_part_is_not_as_expected(
    styles: str | None, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    modules = tmp_path / "node_modules"
    if styles is not None:
        install(modules, styles)
    assert main([str(modules), str(tmp_path / "out")]) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
