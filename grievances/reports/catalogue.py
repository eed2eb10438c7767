"""The catalogue of reports: fixed and registered (domain.md 10.2).

Plain Python, for the web process too.
"""

from dataclasses import dataclass

from grievances.reports.periods import Length

QUARTERLY = (Length.QUARTER, Length.YEAR)
ALWAYS = (Length.MONTH, Length.QUARTER, Length.YEAR)
CONCERNS, PEOPLE = "Concerns concluded", "People whose concerns were concluded"
"""The figures of the report on volumes that say how many concerns one person has."""
INCIDENCE = (
    "Recorded concerns are not incidence: they say how often people came forward, not how often "
    "something happened. A higher number may mean more trust."
)
DUPLICATES = (
    "Duplicates are left out. Concerns passed to another process are shown by themselves and are "
    "in no other figure. A concern that was opened again counts once, from the day it was first "
    "received."
)
VOLUNTARY = (
    "The survey is voluntary and anonymous. An answer is stored without the concern it belongs to, "
    "so no one can lead it back."
)
BLANKS = (
    '"Does not apply to me", "Prefer not to say" and blanks are left out of a share. Of all '
    "invited: "
    "what the share would be had everyone else said no, and had everyone else said yes. Nothing "
    "is weighted: with fewer than 100 answers weights would pretend to a precision there is not."
)
BEAT = (
    "The lines to beat come from the inspectorate's 2021 report on race equality in probation: 55% "
    "did not feel safe raising a concern (so at best 45% did; the number asked was not stated), "
    "and "
    "2 of 30 (7%; interval 1.8% to 21.3%) found that theirs was dealt with adequately."
)


@dataclass(frozen=True)
class Report:
    """A report: its address, title and question, what it counts, and its limits.

    `lengths` are the lengths of the periods it is made for. `lag_days` is how many calendar days it
    waits after the end of a period. `least` is the smallest figure it shows, where that is not the
    threshold of its audience. `one_page` means that it must fit on one sheet of paper. `first` is
    the label of the figure that answers the question, where that is not the first shown figure.
    """

    name: str
    title: str
    question: str
    definition: tuple[str, ...]
    limits: tuple[str, ...]
    lengths: tuple[Length, ...] = QUARTERLY
    lag_days: int = 0
    least: int = 0
    one_page: bool = False
    first: str = ""


VOLUMES = Report(
    "volumes",
    "Volumes",
    "How many concerns come forward, and where?",
    (
        "Received in the period, by the region group of the unit the concern is about.",
        "The rate is concerns for each 100 staff a year, with a 95% interval.",
    ),
    (INCIDENCE, DUPLICATES),
    ALWAYS,
)
RESOLUTION = Report(
    "resolution-times",
    "Resolution times",
    "How long do concerns take?",
    (
        "Time runs in working days from the day the concern was received to the day the decision "
        "was "
        "given, or an informal or mediated way forward was agreed to have worked. An appeal comes "
        "after that and is not in it.",
        "Concerns that are still open, were withdrawn or ended in another way count for as long as "
        "they were followed. Leaving them out would make things look faster than they are.",
    ),
    (DUPLICATES, "A curve needs 30 concerns; a median needs 10 that were resolved."),
)
TIMELINESS = Report(
    "timeliness",
    "Timeliness",
    "Are promises kept by their date?",
    (
        "Every clock whose date fell in the period, met or not. Late and still open is not kept; "
        "one "
        "on hold at the end of the period leaves until it runs again.",
        "Twice: against the present date, and against the date first given.",
    ),
    ("A clock that a withdrawal ended before its date was neither kept nor broken.",),
    ALWAYS,
    first="All promises together",
)
BACKLOG = Report(
    "backlog",
    "Backlog",
    "What is waiting, and for how long?",
    ("Open on the last day of the period, by working days without those on hold.",),
    (DUPLICATES, "The age of the oldest concern is shown only with others of at least that age."),
)
OUTCOMES = Report(
    "outcomes",
    "Outcomes",
    "How do concerns end?",
    ("Concluded: a decision was given or the concern was closed, whichever came first.",),
    (
        DUPLICATES,
        "Figures of a period may be revised as concerns that were open then are concluded. What "
        "was "
        "published stays beside the revision.",
    ),
)
SATISFACTION = Report(
    "satisfaction",
    "Satisfaction",
    "How was it for the people who raised concerns?",
    (VOLUNTARY, BLANKS),
    (
        BEAT,
        "A quarter is counted when its surveys have closed, 30 days after its end.",
        "What people allowed to be printed of their own words is below the figures, once two "
        "people have taken out what could show who is meant: at least ten together, in no order "
        "and without a date. It is deleted with the answers after two years.",
    ),
    lag_days=31,
    least=10,
)
HEARD = Report(
    "heard",
    "Safe, informed, not the problem",
    "Did people feel safe, informed and believed?",
    (VOLUNTARY, BLANKS),
    (BEAT,),
    lag_days=31,
    least=10,
)
DETRIMENT = Report(
    "detriment",
    "Detriment",
    "What happens to people afterwards?",
    ("Check-ins 1, 3 and 6 months after closing, by what people answered.",),
    ("No answer is not the same as no detriment, and this is never a target.",),
)
FAIRNESS = Report(
    "fairness",
    "Fairness",
    "Do outcomes differ between ethnic groups?",
    (
        "Each group's share; how far it is from the share of the group it is compared with; and "
        "the relative likelihood, which says how many times as likely it is. Beside each is the "
        "range that chance alone allows (Wilson's and Newcombe's intervals). The last two may "
        "disagree where a difference is just large enough to count, so both are shown.",
        "Each group needs 20 decided concerns: else three years are taken together, else five "
        "groups, else two, else nothing is shown. Smaller groups and empty ones "
        "are one group together. Nor is anything shown where fewer than 60 in 100 said their "
        "group.",
        "How many are upheld is also compared by sex, age, religion or belief and disability, and "
        "by ethnic group and sex together, by the same rules.",
    ),
    (
        INCIDENCE,
        "A difference does not say why. Groups are never ranked. Monitoring data are read by the "
        "statistics job alone, and by no one who decides anything about a person.",
    ),
)
TRAINING = Report(
    "training",
    "Training and capacity",
    "Are enough people trained to handle concerns?",
    ("Certificates valid on the last day of the period, by region of the person who holds them.",),
    ("A certificate says that a person was taught, not how well they do it.",),
    first="Accepted with a valid certificate",
)
ALLOCATION = Report(
    "allocation",
    "Allocation",
    "Are people asked before they are given a case?",
    ("Offers of a part, by what became of them.",),
    ("There is no figure for a single handler, and there will be none.",),
)
OVERRIDES = Report(
    "overrides",
    "Second yeses",
    "What did it take two people to decide?",
    ("Steps that no one may take alone, asked for in the period.",),
    ("The reasons are words about people and are in no report.",),
)
WITHDRAWALS = Report(
    "withdrawals",
    "Withdrawals",
    "Who gives up, and were they pressed?",
    ("Concerns received in the period and withdrawn by its end.",),
    ("No one is asked why they withdraw; they are asked whether anyone pressed them.",),
)
APPEALS = Report(
    "appeals",
    "Appeals",
    "What do appeals change?",
    ("Appeals by the day the whole way ended.",),
    ("A low share may mean good decisions or little hope.",),
)
ACTIONS = Report(
    "actions",
    "Actions",
    "Does what was promised happen?",
    ("Actions promised in decisions, by the date they were due.",),
    ("An action counts as not done until it is recorded as done.",),
)
SILENCE = Report(
    "near-silence",
    "Near-silence",
    "Where does almost no one speak?",
    ("Concerns for each 100 staff a year by region group, with a 95% interval.",),
    (INCIDENCE,),
    first="Everywhere",
)
CLIMATE = Report(
    "climate",
    "Climate",
    "What do all staff say, and where?",
    (
        "Answers to the organisation's own yearly survey of all staff, by unit, as they were "
        "loaded. Most who meet discrimination never raise a concern.",
    ),
    (
        "People who did not answer may have said something else.",
        "Nothing under 10 answers is shown. Units are never ranked.",
    ),
    least=10,
    first="Were discriminated against at work because of race",
)
KPIS = Report(
    "indicators",
    "Indicators",
    "Are we better than what the inspection found?",
    ("Thirteen indicators, each answering one finding of the inspections.",),
    ("An indicator without a figure is one for which too few can be shown.",),
    lag_days=31,
)
DUTY = Report(
    "equality-duty",
    "Equality duty",
    "What shows due regard this quarter?",
    (
        "Equality Act 2010, section 149: to eliminate conduct that the Act prohibits, to advance "
        "equality of opportunity, and to foster good relations.",
    ),
    ("Figures only. The judgement, and what will be done, are for people to write.", INCIDENCE),
    lag_days=31,
)
BOARD = Report(
    "board-summary",
    "Board summary",
    "What must the board know on one page?",
    ("The figures of the other reports, as they are shown there.",),
    (INCIDENCE,),
    lag_days=31,
    one_page=True,
)
REPORTS = {
    report.name: report
    for report in (
        BOARD,
        KPIS,
        VOLUMES,
        BACKLOG,
        RESOLUTION,
        TIMELINESS,
        OUTCOMES,
        SATISFACTION,
        HEARD,
        DETRIMENT,
        FAIRNESS,
        WITHDRAWALS,
        APPEALS,
        ACTIONS,
        ALLOCATION,
        TRAINING,
        OVERRIDES,
        SILENCE,
        CLIMATE,
        DUTY,
    )
}
"""The reports in the order in which the page lists them."""


QUESTIONS = {
    "Overview": (BOARD, KPIS, DUTY),
    "Times": (RESOLUTION, TIMELINESS, BACKLOG),
    "Outcomes": (OUTCOMES, APPEALS, WITHDRAWALS, ACTIONS),
    "Fairness": (FAIRNESS,),
    "Trust": (SATISFACTION, HEARD, DETRIMENT, SILENCE, CLIMATE),
    "Workload": (VOLUMES, ALLOCATION, TRAINING, OVERRIDES),
}
"""The reports by what their questions are about, for the list."""
DATASET = tuple(
    report.name
    for report in (
        VOLUMES,
        BACKLOG,
        RESOLUTION,
        TIMELINESS,
        OUTCOMES,
        SATISFACTION,
        DETRIMENT,
        FAIRNESS,
        WITHDRAWALS,
        APPEALS,
        ACTIONS,
    )
)
"""The reports that the organisation may publish each year.

The others are for the office.
"""
