"""Linear and integer programmes that differ in their goal only, solved by HiGHS.

The attack and the audit ask one system of figures many questions: how small can this one be, how
large that one? HiGHS keeps the system and goes on from the last answer, which is several times
faster than to begin anew. Only builders import it.
"""

from collections.abc import Mapping
from importlib.metadata import version

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
SOLVER = f"HiGHS {version('highspy')}"
SECONDS = 60.0
"""The time after which one programme is given up, if something is very wrong."""


class Programme:
    """A system of rows and limits, to be asked for the least of a weighted sum of its unknowns."""

    def __init__(
        self, matrix: csr_array, rows: tuple[Floats, Floats], limits: tuple[Floats, Floats]
    ) -> None:
        """Keep a matrix, and the (least, most) of each row and of each unknown."""
        self.least, self.most = limits
        self.model = model = highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        model.row_lower_, model.row_upper_ = rows
        model.col_lower_, model.col_upper_ = limits
        model.col_cost_ = np.zeros(model.num_col_)
        entries = model.a_matrix_
        entries.format_ = highspy.MatrixFormat.kRowwise
        entries.num_row_, entries.num_col_ = matrix.shape
        entries.start_, entries.index_, entries.value_ = matrix.indptr, matrix.indices, matrix.data
        self.linear = _begin(model)

    def solve(self, goal: Mapping[int, float], most: Mapping[int, float]) -> Floats | None:
        """Return an answer in which the sum of weight times unknown is least; None without one.

        `goal` is {unknown: weight}. `most` are limits that hold for this question alone.
        """
        self._ask(self.linear, goal, most)
        found = _run(self.linear)
        self._ask(self.linear, dict.fromkeys(goal, 0.0), {n: self.most[n] for n in most})
        return found

    def solve_whole(
        self, goal: Mapping[int, float], most: Mapping[int, float], nodes: int
    ) -> Floats | None:
        """Return the same in whole numbers, after at most so many branches."""
        whole = _begin(self.model)
        every = np.arange(self.model.num_col_, dtype=np.int32)
        kinds = np.full(len(every), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        whole.changeColsIntegrality(len(every), every, kinds)
        whole.setOptionValue("mip_max_nodes", nodes)
        self._ask(whole, goal, most)
        return _run(whole)

    def _ask(
        self, solver: highspy.Highs, goal: Mapping[int, float], most: Mapping[int, float]
    ) -> None:
        for number, weight in goal.items():
            solver.changeColCost(number, weight)
        for number, limit in most.items():
            solver.changeColBounds(number, self.least[number], limit)


def _begin(model: highspy.HighsLp) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", SECONDS)
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    return solver


def _run(solver: highspy.Highs) -> Floats | None:
    solver.run()
    feasible = highspy.SolutionStatus.kSolutionStatusFeasible
    if solver.getInfo().primal_solution_status != feasible:
        return None
    return np.array(solver.getSolution().col_value)
