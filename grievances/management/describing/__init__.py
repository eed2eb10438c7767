"""What `manage.py describe` writes: the generated parts of README and of `docs/`.

Each module reads one source of facts (steps, access rules, policies, settings, commands, events,
addresses, licences) and answers Markdown. `parts.py` names the parts; `marks.py` puts them between
their marks.
"""
