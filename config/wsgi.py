"""The web application, for gunicorn."""

import django
from django.conf import settings
from django.utils.module_loading import import_string

from config.start import loading, refusing_plainly
from grievances.operations import service_lock

with refusing_plainly(), loading():
    django.setup(set_prefix=False)
    # What follows reads the settings when it is imported.
    application = import_string("grievances.web.shared.middleware.well_formed.Handler")()
    if settings.MODE != "test":
        import_string("grievances.operations.start.judge")()  # its models need the set-up
service_lock.share()
