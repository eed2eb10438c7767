#!/usr/bin/env python3
"""The command line of the product: `python manage.py help` lists the commands."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from config.start import ending_plainly, refusing_plainly

if __name__ == "__main__":
    with refusing_plainly(), ending_plainly():
        # Django would run some commands without the settings that were refused.
        settings.MODE  # noqa: B018
        execute_from_command_line(sys.argv)
