"""How the product is put together: settings, the Celery application, addresses."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
