"""The table of an organisation's own regions is read whole or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.environment import SettingRefused
from config.regions import SHIPPED, RegionRow, read_regions

HEADINGS = "code,name,division,ended"
SCOTLAND = "SCOTLAND,Scotland,SCT,"


def read(path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> tuple[RegionRow, ...]:
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    monkeypatch.setenv("REGIONS_FILE", str(path))
    return read_regions("REGIONS_FILE")


def test_without_a_table_the_shipped_regions_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIONS_FILE", raising=False)
    assert read_regions("REGIONS_FILE") == SHIPPED


def test_a_table_says_what_regions_are_called_and_whose_holidays_they_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read(tmp_path / "r.csv", monkeypatch, HEADINGS, SCOTLAND, "OLD, Old ,ENG_WLS,yes")
    assert found == (
        RegionRow("SCOTLAND", "Scotland", "SCT"),
        RegionRow("OLD", "Old", "ENG_WLS", ended=True),
    )
    short = read(tmp_path / "r.csv", monkeypatch, "code,name,division", "SCOTLAND,Scotland,SCT")
    assert short == found[:1]


def test_empty_lines_and_line_ends_of_a_spreadsheet_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (HEADINGS, '"EAST","Hull, York and the East",ENG_WLS,', ",,,", SCOTLAND, ",,,", "")
    assert [row.name for row in read(tmp_path / "r.csv", monkeypatch, "\r\n".join(lines))] == [
        "Hull, York and the East",
        "Scotland",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (HEADINGS,),
        ("name,division", "Scotland,SCT"),
        (HEADINGS, "scotland,Scotland,SCT,"),
        (HEADINGS, "SCOTLAND,,SCT,"),
        (HEADINGS, "SCOTLAND,Scotland,Scotland,"),
        (HEADINGS, "SCOTLAND,Scotland,,"),
        (HEADINGS, "SCOTLAND,Scotland,SCT,perhaps"),
        (HEADINGS, "SCOTLAND,Scotland,SCT,yes"),
        (HEADINGS, "SCOTLAND,Scotland,SCT,,more"),
        (HEADINGS, SCOTLAND, SCOTLAND),
        (HEADINGS, SCOTLAND, "OTHER,SCOTLAND,SCT,"),
        (HEADINGS, SCOTLAND, "REST,Not said,SCT,"),
        (HEADINGS, SCOTLAND, "REST,All,SCT,"),
        (HEADINGS, "NORTH,Scotland,SCT,", "SCOTLAND,North,SCT,"),
        (HEADINGS, *(f"R{n},Region {n},SCT," for n in range(41))),
    ],
)
def test_another_table_is_refused_in_one_sentence(
    lines: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingRefused, match="REGIONS_FILE"):
        read(tmp_path / "r.csv", monkeypatch, *lines)
