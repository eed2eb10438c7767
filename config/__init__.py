"""How the product is put together: settings, the Celery application, addresses."""
