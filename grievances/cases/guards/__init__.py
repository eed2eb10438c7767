"""What must be true before a step: each guard with its code, its sentence and its source.

A guard is asked `(case, brief)` and answers yes or no. A `standing` guard can be judged before
anything is asked, so a page can say "cannot start yet" and why. The guards are those of domain.md
5.2 and 5.3, in four files: `persons`, `opening`, `inquiry`, `pausing`.
"""
