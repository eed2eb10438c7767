"""The fixture that several attacks share."""

from tests.attacks.world import world

__all__ = ["world"]
