"""Steps of made-up people, performed by `perform` at the simulated moment."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from grievances.cases.access import eligibility
from grievances.cases.access.eligibility import OFFICE_FOR
from grievances.cases.actions.actor import Caller
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.demo import texts
from grievances.demo.organisation import Organisation
from grievances.demo.scheduler import Scheduler
from grievances.demo.survey_answers import Voices
from grievances.intake import drafts, submission
from grievances.people.models import User
from grievances.vocabulary import CAP, Identity, Role
from workflow.steps import Refused


@dataclass(frozen=True)
class Pace:
    """The working day after receipt on which each part happens (receipt is day 0)."""

    acknowledged: int = 1
    agreed: int = 4
    offered: int = 5
    begun: int = 7
    met: int = 13
    reported: int = 36
    decided: int = 44


@dataclass(frozen=True)
class Plan:
    """The plan of a case: the people, the date, and the officers.

    An empty officer is looked for. `hold` is the working day on which the case is paused, and for
    how many working days.
    """

    complainant: str
    about: str
    received: date
    pace: Pace = Pace()
    identity: Identity = Identity.OPEN
    informal: bool = False
    region: str = ""
    triage: str = ""
    handler: str = ""
    decider: str = ""
    appeal: str = ""
    mediator: str = ""
    finding: str = "UPHELD"
    flags: tuple[str, ...] = ()
    hold: tuple[int, int] | None = None
    updates: bool = True


@dataclass
class WalkedCase:
    """One case of a story: its row, its complainant, and its officers (user names)."""

    plan: Plan
    case_id: int
    reference: str
    complainant: Caller
    officers: dict[Role, str] = field(default_factory=dict)
    kind: str = ""
    declined: set[str] = field(default_factory=set)


@dataclass
class Actors:
    """Performs steps for the people of an organisation, at the scheduler's moment."""

    organisation: Organisation
    scheduler: Scheduler
    chance: random.Random
    taken_on: dict[str, int] = field(default_factory=dict)
    walked_cases: dict[str, WalkedCase] = field(default_factory=dict)
    voices: Voices = field(default_factory=Voices)

    def day(self, walked: WalkedCase, offset: int) -> date:
        """Return the local date this many working days after the case was received."""
        return self.scheduler.days.add(walked.plan.received, offset)

    def raise_concern(self, plan: Plan) -> WalkedCase:
        """Return a new case: a draft, a check of its readers, and the sending."""
        answers = self._answers(plan)
        walked = self._send_openly(plan, answers) if plan.complainant else self._send(plan, answers)
        walked.kind = texts.KINDS[texts.ACCOUNTS.index(answers["account"])]
        self.walked_cases[walked.reference] = walked
        self.voices.about_themselves(self.case(walked), self.scheduler.today)
        return walked

    def take(
        self,
        walked: WalkedCase,
        who: Role | None,
        step: str,
        /,
        *said: tuple[Kind, str],
        **answers: object,
    ) -> None:
        """Perform one step by the complainant (`who` is None) or an officer in this role."""
        caller = self.caller(walked, who)
        step_input = StepInput(answers=answers, words=said)
        now = self.scheduler.now
        perform(step, case_id=walked.case_id, caller=caller, now=now, step_input=step_input)

    def caller(self, walked: WalkedCase, who: Role | None) -> Caller:
        """Return the complainant, or the officer in a role, signed in."""
        if who is None:
            return walked.complainant
        return self.organisation.caller(walked.officers[who])

    def case(self, walked: WalkedCase) -> Case:
        """Return the case in its present state."""
        return Case.unguarded.get(pk=walked.case_id)

    def asked(self, role: Role, wanted: str) -> list[User]:
        """Return the people to ask for a part, in order.

        It is the person wanted; otherwise those with least work come first.
        """
        if wanted:
            return [self.organisation[wanted]]
        loads = eligibility.loads(role)
        people = self.organisation.appointed(OFFICE_FOR[role])
        free = [person for person in people if loads.get(person.pk, 0) < CAP[role]]
        return sorted(free, key=lambda person: (loads.get(person.pk, 0), person.pk))

    def offer(self, walked: WalkedCase, role: Role, step: str, wanted: str) -> bool:
        """Return whether a part was offered to a fit person.

        It is the first one who is fit; False means that no one is fit today.
        """
        for person in self.asked(role, wanted):
            if person.username in walked.declined:
                continue
            try:
                self.take(walked, Role.TRIAGE, step, role=role.value, candidate=person)
            except Refused:
                continue
            walked.officers[role] = person.username
            return True
        return False

    def _answers(self, plan: Plan) -> dict[str, object]:
        return {
            "account": self.chance.choice(texts.ACCOUNTS),
            "help": self.chance.choice(texts.HELP),
            "about": plan.about,
            "identity": plan.identity.value,
            "share": "yes",
            "contact": "PORTAL",
            "exclude": "",
            "way": "informal" if plan.informal else "",
            "region": plan.region,
        }

    def _send_openly(self, plan: Plan, answers: dict[str, object]) -> WalkedCase:
        now, person = self.scheduler.now, self.organisation[plan.complainant]
        caller = self.organisation.caller(plan.complainant)
        case = drafts.open_draft(person, caller, now=now)
        readers = submission.preview(case, answers, now=now)
        submission.submit(case, caller, answers, expected=[p.pk for p in readers], now=now)
        walked = WalkedCase(plan, case.pk, case.reference, caller)
        return self._with_officer(walked, [p.username for p in readers])

    def _send(self, plan: Plan, answers: dict[str, object]) -> WalkedCase:
        now = self.scheduler.now
        readers = submission.preview_anonymous(answers, now=now)
        expected = [p.pk for p in readers]
        sent = submission.submit_anonymous(answers, expected=expected, now=now)
        case, caller = submission.find_by_case_key(sent.case_key)
        walked = WalkedCase(plan, case.pk, case.reference, caller)
        return self._with_officer(walked, [p.username for p in readers])

    def _with_officer(self, walked: WalkedCase, readers: list[str]) -> WalkedCase:
        least = min(readers, key=lambda name: self.taken_on.get(name, 0))
        officer = walked.plan.triage or least
        self.taken_on[officer] = self.taken_on.get(officer, 0) + 1
        walked.officers[Role.TRIAGE] = officer
        return walked
