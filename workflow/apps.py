"""Django's handle on the workflow library."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Owns two tables of its own: policy profiles and holidays."""

    name = "workflow"
    label = "workflow"
    verbose_name = "Workflow"
    default_auto_field = "django.db.models.BigAutoField"
