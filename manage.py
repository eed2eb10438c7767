#!/usr/bin/env python3
"""The command line of the product: `python manage.py help` lists the commands."""

import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line

from config.start import ending_plainly, loading, refusing_plainly

if __name__ == "__main__":
    with refusing_plainly(), ending_plainly():
        # Django would run some commands without the settings that were refused.
        settings.MODE  # noqa: B018
        with loading():
            django.setup()
        execute_from_command_line(sys.argv)
