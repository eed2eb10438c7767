"""Support lines outside this service, to be checked every quarter (domain.md 12).

The organisation's own numbers come from its settings. A line without a number says where to look.
Each of `numbers` can be called as it is.
"""

SUPPORT = (
    {
        "name": "Your employee assistance programme",
        "text": "Free and private. The number is on the back of your staff card.",
    },
    {"name": "Your union (Napo, UNISON or GMB)", "text": "A representative can come with you."},
    {"name": "Acas helpline", "numbers": ["0300 123 1100"], "text": "Your rights at work."},
    {
        "name": "Equality Advisory and Support Service",
        "numbers": ["0808 800 0082"],
        "text": "Advice on discrimination.",
    },
    {"name": "Samaritans", "numbers": ["116 123"], "text": "Day or night, about anything."},
    {
        "name": "Police",
        "numbers": ["999", "101"],
        "text": "999 in danger. 101 for a race hate crime or a threat that is over.",
    },
)
