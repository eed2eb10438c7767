"""The web application, for gunicorn."""

import django

from config.start import refusing_plainly
from grievances.operations import service_lock
from grievances.web.shared.middleware.well_formed import Handler

with refusing_plainly():
    django.setup(set_prefix=False)
    application = Handler()
service_lock.share()
