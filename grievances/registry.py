"""Load every module that registers an effect of a step (`@effect`).

Django imports this module when it starts (`apps.py`). So an effect never depends on which other
module was imported first. A test checks that this list is complete.
"""

from types import ModuleType

from grievances.cases.actions import close_names, emergency, handovers
from grievances.casework import identity, investigation, merge, triage
from grievances.deadlines import recompute
from grievances.evidence import case_files, companion_files
from grievances.intake import lost_case_key
from grievances.investigation import examination, limited_parts, meetings
from grievances.letters import referrals
from grievances.participants import companions, interpreters, questions
from grievances.patterns import links
from grievances.retention import dual_control, erasure

EFFECT_MODULES: tuple[ModuleType, ...] = (
    case_files,
    close_names,
    companion_files,
    companions,
    dual_control,
    emergency,
    erasure,
    examination,
    handovers,
    identity,
    interpreters,
    investigation,
    limited_parts,
    links,
    lost_case_key,
    meetings,
    merge,
    questions,
    recompute,
    referrals,
    triage,
)
