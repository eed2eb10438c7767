"""How the product is put together: settings, the Celery application, addresses.

`config.celery` is imported by the workers alone: a web process starts no task.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
