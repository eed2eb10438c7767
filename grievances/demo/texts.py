"""The made-up sentences of the demonstration: short, neutral, about no one."""

ACCOUNTS = (
    "In two team meetings my accent was imitated, and others laughed. I asked for it to stop.",
    "I was passed over for the senior post. The reason I was given does not fit my record.",
    "My surname was changed into a joke on the duty rota, and the rota was sent to everyone.",
    "I raised an earlier matter in the spring. Since then my leave is refused without a reason.",
    "A colleague said in front of others that people like me are given jobs to fill a number.",
    "I was given the case of a man convicted of a race-hate crime, and my objection was not heard.",
    "Remarks about my hair are made most days. I have a note of eleven of them.",
    "A visitor used a racial slur to me at reception. No one wrote it down or rang me afterwards.",
    "Training that my colleagues were offered was not offered to me in three rounds.",
    "I am asked where I am really from, and it goes on although I have asked for it to stop.",
)
KINDS = (
    "HARASSMENT",
    "PROGRESSION",
    "HARASSMENT",
    "VICTIMISATION",
    "DIRECT",
    "ALLOCATION_RACE_HATE",
    "HARASSMENT",
    "THIRD_PARTY",
    "PROGRESSION",
    "HARASSMENT",
)
"""The kind of conduct of each account, in the same order."""
HELP = (
    "I would like it to stop.",
    "I would like someone to look at how the decision was made.",
    "I would like an apology and a different duty team.",
    "I would like to be able to do my work.",
)
QUESTIONS = (
    "Was anyone else in the room at the second meeting?",
    "Do you still have the message you mention, or a copy of it?",
)
ANSWERS = (
    "Yes, two people were there. I will send their names.",
    "I have a copy and can add it here.",
)
UPDATES = (
    "Two people have been spoken with and a third is invited. Your meeting notes are on file.",
    "The papers that were asked for have arrived and are being read.",
    "The report is being written. Nothing more is needed from you at present.",
)
MEETING_NOTE = "The complainant described the events in order. A companion was present."
PUT = "A colleague says that their accent was imitated in a team meeting. What do you remember?"
HEARD_NOTE = "The person the concern is about was told what was said and gave their answer."
REPORT = "What was said was compared with messages, rotas and the accounts of two witnesses."
LETTERS = {
    "UPHELD": "We uphold your concern. The reasons and what will be done are set out here.",
    "PARTLY": "We uphold part of your concern. The reasons for each part are set out here.",
    "NOT_UPHELD": "We do not uphold your concern. What we looked at and why is set out here.",
}
ACTIONS = (
    ("A conversation about conduct, and training", "Head of unit"),
    ("A fresh selection panel for the next round", "Human resources"),
    ("Leave and duty lists to be checked every month", "Regional director"),
)
GROUNDS = "One of the witnesses I named was not spoken with."
APPEAL_LETTER = (
    "The appeal was read with the report and the decision. Each ground is answered here."
)
HOLD_EXPLANATION = "You are unwell, so the work waits for you. The dates move by as many days."
OTHER_IS_UNWELL = "The person the concern is about is unwell and cannot answer before next week."
YES_TO_WAITING = "Yes: the complainant has been told and agrees to wait."
BUSY = "I have no room for another case this month."
RESOLVED = "We spoke, and it has stopped."
TERMS = "They agree how they work together, and to look at it again after three months."
COMMENTS = (
    "It helped that I was told each time what would happen next.",
    "The waiting was the worst part. I heard nothing for three weeks.",
    "Priya rang me every week, and that kept me going.",
    "I still sit opposite the person it was about, in the Leeds office.",
    "The letter was clear. I do not agree with it, but I understand it.",
    "No one asked me whether I was all right until the very end.",
    "I was believed. That mattered more than the outcome.",
    "My manager found out within a day and has been cold to me since.",
    "The meeting was fair, and I could bring my friend from the union.",
    "I would do it again, but I would not tell anyone in my team.",
    "I had to explain what a microaggression is to the person who was to decide.",
    "Thank you for doing this. Please do it faster.",
    "What was promised in the letter has not happened yet.",
    "I wish I had known how long it would take.",
    "I was the only Black woman on my corridor, so everyone knew it was me.",
    "I did not feel that the other side was asked any hard questions.",
)
"""What some complainants write at the end of the survey."""
REDACTED = {
    "Priya": "[name]",
    "Leeds": "[place]",
    "the only Black woman on my corridor": "[left out]",
}
"""The words that two people remove from the comments, and what replaces them."""
