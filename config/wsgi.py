"""The web application, for gunicorn."""

import django
from django.conf import settings
from django.utils.module_loading import import_string

from config.start import refusing_plainly
from grievances.operations import service_lock
from grievances.web.shared.middleware.well_formed import Handler

with refusing_plainly():
    django.setup(set_prefix=False)
    application = Handler()
    if settings.MODE != "test":
        import_string("grievances.operations.start.judge")()  # its models need the set-up
service_lock.share()
