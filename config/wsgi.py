"""The web application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from grievances.operations import service_lock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
service_lock.share()
