"""The certificate of an edition, which tells readers how well it is protected.

Plain Python: the web process shows it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from workflow.json_values import JsonMapping, JsonObject

NO_COUNT = (
    "No count of this report is hidden, so there was nothing to find out. A star in it is a share, "
    "a day or a curve that was not worked out."
)


@dataclass(frozen=True)
class Certificate:
    """The result of an attack on everything that readers of an edition can see.

    `tried` is the number of hidden figures that the attacker tried to find. `narrowest` is the
    width of the narrowest interval that is left for a small one, where `enough` is the width at
    which the attack stops; it is None where nothing is hidden. Where no hidden figure is small it
    is `enough`: that none is small would tell of each that it is 0, or many. `unfinished`
    are figures for which the solver reached its bound. `solver` has its version.
    """

    tried: int
    narrowest: int | None
    enough: int
    unfinished: int
    solver: str

    @property
    def words(self) -> str:
        """The sentence of the page."""
        if not self.tried:
            return NO_COUNT
        figures = "1 hidden figure" if self.tried == 1 else f"{self.tried} hidden figures"
        tried = (
            f"Before it was published, a program tried to work out {figures} of this report from "
            "everything that is shown in the reports of all its periods, inside the organisation "
            f"and published ({self.solver})."
        )
        if self.narrowest is None:
            return tried
        least = " or more" if self.narrowest >= self.enough else ""
        return f"{tried} It left {self.narrowest + 1}{least} possible values for each small one."

    def to_json(self) -> JsonObject:
        """Return the certificate as plain JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: JsonMapping) -> "Certificate":
        """Return the certificate that `to_json` wrote."""
        return cls(**data)


def worst_of(certificates: Sequence[Certificate]) -> Certificate:
    """Return one certificate for several attackers: that of the one who came closest."""
    return min(
        certificates,
        key=lambda one: (one.narrowest is None, (one.narrowest or 0) - one.enough, -one.unfinished),
    )
