"""Django configuration of the workflow library."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """The app, which has two tables of its own: policy profiles and holidays."""

    name = "workflow"
    label = "workflow"
    verbose_name = "Workflow"
    default_auto_field = "django.db.models.BigAutoField"
