"""The guard of every step whose words may be hard to read."""

from grievances.cases.guards.answers import fit
from workflow.steps import Guard

SOMEONE_THERE = Guard(
    "NOT_NOW",
    "After this there must be someone to turn to, and today there is not. Save it as a draft where "
    "you can and give it on a later working day, or confirm that the person wants it today.",
    "domain.md 5.9",
    fit("NOT_NOW"),
)
