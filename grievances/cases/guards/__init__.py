"""Guards: what must be true before a step, each with code, sentence and source.

A guard is a function of `(case, step_context)` that returns True or False. A `standing` guard can
be evaluated before any answer is given, so a page can say "cannot start yet" and why. The guards
are those of domain.md 5.2 and 5.3, in five files: `people`, `triage`, `investigation`, `hearings`
and `holds`.
"""
