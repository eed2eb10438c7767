#!/bin/sh
# vl-convert-python==1.9.0.post1
#
# A figure that is left out takes its neighbours away from a line, and its year from a bar chart.
#
# Input: three years, the middle one without a figure (null), once as bars and once as a line.
# Expected: both show the two known years and keep the place of the third. Seen: the axis of the bars
# has two years, 2023 beside 2025, as if there had been no 2024. The line keeps the three years, and
# is two strokes of no length ("M...ZM...Z"), which draw nothing: both known figures are invisible.
# Their labels for screen readers are there.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet vl-convert-python==1.9.0.post1 || exit 3
"$work/venv/bin/python" - <<'PY'
import re

import vl_convert

YEARS = [{"year": "2023", "count": 33}, {"year": "2024", "count": None},
         {"year": "2025", "count": 12}]


def drawn(mark: str) -> str:
    spec = {
        "data": {"values": YEARS},
        "mark": mark,
        "encoding": {
            "x": {"field": "year", "type": "nominal"},
            "y": {"field": "count", "type": "quantitative"},
        },
    }
    return vl_convert.vegalite_to_svg(spec, vl_version="6.1")


def axis_years(svg: str) -> list[str]:
    return sorted(set(re.findall(r">(20\d\d)</text>", svg)))


stroke = re.search(r'aria-roledescription="line mark" d="([^"]*)"', drawn("line"))[1]
print("years below the bars:", axis_years(drawn("bar")))
print("years below the line:", axis_years(drawn("line")))
print("the line itself:", stroke)
assert axis_years(drawn("bar")) == ["2023", "2025"]
assert axis_years(drawn("line")) == ["2023", "2024", "2025"]
assert re.fullmatch(r"M[\d.,]+ZM[\d.,]+Z", stroke)
PY
