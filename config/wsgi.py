"""The web application, for gunicorn."""

from django.core.wsgi import get_wsgi_application

from config.start import refusing_plainly
from grievances.operations import service_lock

with refusing_plainly():
    application = get_wsgi_application()
service_lock.share()
