"""Configure the Django application that holds the cases."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.utils.module_loading import autodiscover_modules

from grievances.encryption.server_keys import judge_server_keys


class GrievancesConfig(AppConfig):
    """The configuration of the one application that owns all tables of cases."""

    name = "grievances"
    label = "grievances"

    def ready(self) -> None:
        """Judge the server keys, register effects, and record no last sign-in.

        Django would store when an account last signed in. Compared with the audit trail, that time
        would show which account opened which case.

        Raises:
            ImproperlyConfigured: A server key is malformed or can be guessed.
        """
        if settings.PRODUCTION:
            judge_server_keys(settings.SERVER_KEYS)
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        autodiscover_modules("registry")
