"""The people who handle concerns: training, capacity, offers and approvals."""

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, OuterRef, Q, Value, When

from grievances.cases.models.offers import Offer
from grievances.cases.step_names import StepName
from grievances.people.models import Training, User
from grievances.people.regions import REGION_NOT_SAID, REGIONS
from grievances.reports.contents import sources
from grievances.reports.contents.capacity import Need, OffersEach
from grievances.reports.contents.rates import ASK_FOR_STAFF, Rates
from grievances.reports.counting import Population
from grievances.reports.layout.sections import (
    Crosstab,
    Dimension,
    Line,
    Piece,
    ReportContext,
    Shares,
    known,
)
from grievances.vocabulary import CERTIFICATES_FOR, Certificate, Keep, Role

OFFER_STATUS = Dimension("status", dict(Offer.Status.choices))


def certificates(desk: ReportContext) -> Population:
    """Return the certificates valid at the end of the period.

    Only those of people who work here count.
    """
    day = desk.until
    rows = Training.objects.filter(issued_on__lte=day, expires_on__gte=day, suspended=False)
    rows = rows.filter(person__is_active=True, person__unit__isnull=False)
    return Population(rows, apart=True)


def accepted(desk: ReportContext) -> Population:
    """Return the offers sent in the period that were accepted.

    It does not matter who has the part now.
    """
    rows = sources.offers(desk).rows.filter(declared_on__isnull=False)
    return Population(rows, sources.FACT)


def handlers(desk: ReportContext) -> Population:
    """Return the people who work here and had all certificates of a handler.

    The certificates must be valid at the end of the period.
    """
    rows = User.objects.filter(is_active=True, unit__isnull=False)
    for certificate in CERTIFICATES_FOR[Role.HANDLER]:
        held = certificates(desk).rows.filter(person=OuterRef("pk"), certificate=certificate)
        rows = rows.filter(Exists(held))
    return Population(rows, apart=True)


HANDLERS = Rates(
    "handlers",
    "People who may handle concerns, for each 1,000 staff",
    "Active accounts that hold both certificates of a handler, race discrimination and "
    "investigating, on the last day of the period, by the region of their unit. How many were "
    "taught in person is not measured, because a certificate does not say how it was taught.",
    f"Not measured: there is no staff count for this quarter. {ASK_FOR_STAFF} "
    "How many were taught in person is not measured either, because a "
    "certificate does not say how it was taught.",
    handlers,
    known("unit__region", REGIONS, REGION_NOT_SAID),
    per=1000,
    counted="Handlers",
    a_year=False,
)
TRAINING: tuple[Piece, ...] = (
    HANDLERS,
    Need(handlers, known("unit__region", REGIONS, REGION_NOT_SAID)),
    Crosstab(
        "certificates",
        "How many people hold each certificate, and where",
        "Certificates valid at the end of the period. No one can be offered a case without one: "
        "the "
        "software refuses.",
        "Certificate",
        certificates,
        Dimension("certificate", dict(Certificate.choices)),
        known("person__unit__region", REGIONS, REGION_NOT_SAID),
    ),
    Shares(
        "accepted",
        "Did everyone who took a case hold its certificate?",
        "Of the offers accepted in the period, those accepted after the certificate was checked on "
        "that day. The check cannot be passed over.",
        (
            Line(
                "Accepted with a valid certificate",
                accepted,
                Q(declared_on__isnull=False),
            ),
        ),
    ),
)


ALLOCATION: tuple[Piece, ...] = (
    Crosstab(
        "offers",
        "What became of offers",
        "Offers of a part that were sent in the period. No one is given a case without being "
        "asked.",
        "Part",
        sources.offers,
        sources.ROLES,
        OFFER_STATUS,
    ),
    Shares(
        "consulted",
        "Were people asked before they got a case?",
        "An offer counts as consulted when the person answered it: accepted or declined.",
        (
            Line(
                "Answered by the person asked",
                sources.offers,
                Q(status__in=(Offer.Status.ACCEPTED, Offer.Status.DECLINED))
                | Q(declared_on__isnull=False),
            ),
            Line("Declined", sources.offers, Q(status=Offer.Status.DECLINED)),
        ),
    ),
    OffersEach(),
)
STEPS = {
    StepName.REDIRECT: "Pass to another process",
    StepName.CLOSE_INSUFFICIENT: "Close: not enough could be learned",
    StepName.HOLD: "Pause for a reason that needs the lead",
    StepName.APPEAL: "Appeal after the time to appeal",
    StepName.OFFER: "Offer above the cap",
    StepName.RETURN_FOR_ENQUIRIES: "Send back a second time",
    StepName.EXTEND: "Move a date",
    **{keep.value: keep.label for keep in Keep},
}
ANSWERS = Choose(
    When(agreed=True, then=Value("agreed")),
    When(agreed=False, then=Value("refused")),
    default=Value("open"),
    output_field=CharField(max_length=8),
)
STEP = Choose(
    *(When(step=step, then=Value(step)) for step in STEPS),
    default=Value("other"),
    output_field=CharField(max_length=40),
)
OVERRIDES: tuple[Piece, ...] = (
    Crosstab(
        "second-yes",
        "What was asked of a second person, and what they said",
        "Steps that no one may take alone. Asked for in the period; every one carries a reason.",
        "Step",
        sources.approvals,
        Dimension(STEP, {**STEPS, "other": "Another step"}),
        Dimension(ANSWERS, {"agreed": "Agreed", "refused": "Refused", "open": "Not answered"}),
    ),
    Shares(
        "agreed",
        "How often the second person says yes",
        "Of those answered. A share near 100% for a long time is a question in itself.",
        (
            Line(
                "Agreed, of those answered",
                lambda desk: Population(
                    sources.approvals(desk).rows.filter(agreed__isnull=False), sources.FACT
                ),
                Q(agreed=True),
            ),
        ),
    ),
)
