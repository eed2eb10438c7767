"""Support lines outside this service, to be checked every quarter (domain.md 12).

The organisation's own numbers come from its settings. A line without a number says where to look.
Each of `numbers` can be called as it is.
"""

from django.utils.translation import gettext_noop

SUPPORT = (
    {
        "name": gettext_noop("Your employee assistance programme"),
        "text": gettext_noop("Free and private. The number is on the back of your staff card."),
    },
    {
        "name": gettext_noop("Your union (Napo, UNISON or GMB)"),
        "text": gettext_noop("A representative can come with you."),
    },
    {
        "name": gettext_noop("Acas helpline"),
        "numbers": ["0300 123 1100"],
        "text": gettext_noop("Your rights at work."),
    },
    {
        "name": gettext_noop("Equality Advisory and Support Service"),
        "numbers": ["0808 800 0082"],
        "text": gettext_noop("Advice on discrimination."),
    },
    {
        "name": gettext_noop("Samaritans"),
        "numbers": ["116 123"],
        "text": gettext_noop("Day or night, about anything."),
    },
    {
        "name": gettext_noop("Police"),
        "numbers": ["999", "101"],
        "text": gettext_noop("999 in danger. 101 for a race hate crime or a threat that is over."),
    },
)
