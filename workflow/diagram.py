"""Draw a lifecycle from its own steps, so that no diagram can be out of date."""

from django.db import models

from workflow.steps import ANY_OTHER_STATE, ANY_STATE, Step, steps


def lifecycle_mermaid(model: type[models.Model]) -> str:
    """Return a Mermaid state diagram of the steps that move the work."""
    lines = ["stateDiagram-v2"]
    for step in steps(model).values():
        if step.moves:
            lines.extend(_arrows(step))
    return "\n".join(lines) + "\n"


def lifecycle_table(model: type[models.Model]) -> str:
    """Return the steps as a Markdown table, in order, with guards and clocks."""
    head = ["Step", "What", "From", "To", "Refused with", "Starts", "Stops"]
    rows = [head, ["---"] * len(head)]
    rows.extend(_row(step) for step in steps(model).values())
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows) + "\n"


def _arrows(step: Step) -> list[str]:
    # A colon ends a state's name in Mermaid, and brackets cannot be part of one.
    label = f"{step.code} {step.label}".replace(":", " -")
    targets = step.target.strip("()").split(" or ")
    return [
        f"    {_node(source)} --> {target}: {label}"
        for source in step.sources
        for target in targets
    ]


def _node(source: str) -> str:
    return "ANY" if source in (ANY_STATE, ANY_OTHER_STATE) else source


def _row(step: Step) -> list[str]:
    starts = [*step.starts, *(["(pauses the others)"] if step.pauses else [])]
    stops = [*step.stops, *(["(resumes the others)"] if step.resumes else [])]
    return [
        step.code,
        step.label.replace("|", "/"),
        ", ".join(_node(source) for source in step.sources),
        step.target or "(same)",
        ", ".join(f"`{guard.code}`" for guard in step.guards) or "-",
        ", ".join(starts) or "-",
        ", ".join(stops) or "-",
    ]
