#!/bin/sh
# statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==3.0.3
#
# The Miettinen-Nurminen interval of a difference of shares changes when the groups change places.
#
# Input: 1 of 10 people in one group and 2 of 10 in the other; then the same two groups the other way
# round. Expected: -0.370 to 0.253 and, the other way round, -0.253 to 0.370. Seen: -0.370 to 0.253
# and -0.233 to 0.439.
# Cause: the test behind the interval takes shares that are not the most likely ones under its
# hypothesis. For 5 of 10 against 5 of 10 and a difference of 0.4 these are 0.7 and 0.3 (by symmetry,
# and found here by a search); statsmodels takes 0.663 and 0.263. With other pairs of groups the
# interval cannot be found at all. Newcombe's interval of the same library is right both ways.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet \
    statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==3.0.3 || exit 3
"$work/venv/bin/python" - <<'PY'
from math import log

from scipy.optimize import minimize_scalar
from statsmodels.stats.proportion import (
    confint_proportions_2indep as interval,
)
from statsmodels.stats.proportion import (
    score_test_proportions_2indep as score_test,
)


def limits(method: str, *groups: int) -> tuple[float, float]:
    low, high = interval(*groups, method=method, compare="diff")
    return round(float(low), 3), round(float(high), 3)


def most_likely(x1: int, n1: int, x0: int, n0: int, difference: float) -> float:
    """The second group's share of greatest likelihood when the first is larger by `difference`."""

    def against(share: float) -> float:
        first = share + difference
        return -(x1 * log(first) + (n1 - x1) * log(1 - first)
                 + x0 * log(share) + (n0 - x0) * log(1 - share))

    return float(minimize_scalar(against, bounds=(1e-9, 1 - difference - 1e-9), method="bounded",
                                 options={"xatol": 1e-9}).x)


for method in ("score", "newcomb"):
    print(method, limits(method, 1, 10, 2, 10), limits(method, 2, 10, 1, 10))
taken = score_test(5, 10, 5, 10, value=0.4, compare="diff").prop2_null
print("share taken", round(float(taken), 4), "most likely", most_likely(5, 10, 5, 10, 0.4))
assert limits("score", 1, 10, 2, 10) == (-0.370, 0.253)
assert limits("score", 2, 10, 1, 10) == (-0.233, 0.439)
low, high = limits("newcomb", 1, 10, 2, 10)
assert limits("newcomb", 2, 10, 1, 10) == (-high, -low)
assert abs(most_likely(5, 10, 5, 10, 0.4) - 0.3) < 1e-4
assert abs(taken - 0.2635) < 1e-4
PY
