"""The lifecycle of a case: its diagram and the table of all steps."""

from __future__ import annotations

from grievances.cases.models.case import Case
from workflow.diagram import lifecycle_mermaid, lifecycle_table


def draw_lifecycle() -> str:
    """Return the diagram and the table of all steps."""
    return f"```mermaid\n{lifecycle_mermaid(Case)}```\n\n{lifecycle_table(Case)}"
