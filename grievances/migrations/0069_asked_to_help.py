"""Who was let in to help, and has not signed yet: three permissions.

Those who have a part already keep it: they have read the case.
"""

from django.db import migrations, models

from grievances.cases.access import list_triggers


def take_back(apps, schema_editor):
    """Delete the new permissions' grants: an older release knows no such role."""
    grants = apps.get_model("grievances", "CaseUserObjectPermission").objects
    grants.filter(
        permission__codename__in=["asked_co_handler", "asked_note_taker", "asked_adviser"]
    ).delete()


def install(apps, schema_editor):
    """The triggers name the roles by which a case is in a list, and there are three more."""
    list_triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0068_known_regions"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "default_manager_name": "unguarded",
                "default_permissions": (),
                "permissions": [
                    ("triage_pool", "Triage officer (not yet assigned)"),
                    ("triage", "Triage officer"),
                    ("handler", "Handler"),
                    ("decider", "Decision maker"),
                    ("appeal", "Appeal manager"),
                    ("mediator", "Mediator"),
                    ("co_handler", "Co-investigator"),
                    ("note_taker", "Note-taker"),
                    ("adviser", "Legal adviser"),
                    ("lead", "Casework lead"),
                    ("dpo", "Data-protection officer"),
                    ("auditor", "Auditor"),
                    ("break_glass", "Data-protection officer, for a day in an emergency"),
                    ("asked_handler", "Asked to be handler"),
                    ("asked_decider", "Asked to be decision maker"),
                    ("asked_appeal", "Asked to be appeal manager"),
                    ("asked_co_handler", "Asked to be co-investigator"),
                    ("asked_note_taker", "Asked to be note-taker"),
                    ("asked_adviser", "Asked to be legal adviser"),
                ],
            },
        ),
        migrations.AlterField(
            model_name="handover",
            name="role",
            field=models.CharField(
                choices=[
                    ("triage_pool", "Triage officer (not yet assigned)"),
                    ("triage", "Triage officer"),
                    ("handler", "Handler"),
                    ("decider", "Decision maker"),
                    ("appeal", "Appeal manager"),
                    ("mediator", "Mediator"),
                    ("co_handler", "Co-investigator"),
                    ("note_taker", "Note-taker"),
                    ("adviser", "Legal adviser"),
                    ("lead", "Casework lead"),
                    ("dpo", "Data-protection officer"),
                    ("auditor", "Auditor"),
                    ("break_glass", "Data-protection officer, for a day in an emergency"),
                    ("asked_handler", "Asked to be handler"),
                    ("asked_decider", "Asked to be decision maker"),
                    ("asked_appeal", "Asked to be appeal manager"),
                    ("asked_co_handler", "Asked to be co-investigator"),
                    ("asked_note_taker", "Asked to be note-taker"),
                    ("asked_adviser", "Asked to be legal adviser"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="role",
            field=models.CharField(
                choices=[
                    ("triage_pool", "Triage officer (not yet assigned)"),
                    ("triage", "Triage officer"),
                    ("handler", "Handler"),
                    ("decider", "Decision maker"),
                    ("appeal", "Appeal manager"),
                    ("mediator", "Mediator"),
                    ("co_handler", "Co-investigator"),
                    ("note_taker", "Note-taker"),
                    ("adviser", "Legal adviser"),
                    ("lead", "Casework lead"),
                    ("dpo", "Data-protection officer"),
                    ("auditor", "Auditor"),
                    ("break_glass", "Data-protection officer, for a day in an emergency"),
                    ("asked_handler", "Asked to be handler"),
                    ("asked_decider", "Asked to be decision maker"),
                    ("asked_appeal", "Asked to be appeal manager"),
                    ("asked_co_handler", "Asked to be co-investigator"),
                    ("asked_note_taker", "Asked to be note-taker"),
                    ("asked_adviser", "Asked to be legal adviser"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="pendingreader",
            name="role",
            field=models.CharField(
                choices=[
                    ("triage_pool", "Triage officer (not yet assigned)"),
                    ("triage", "Triage officer"),
                    ("handler", "Handler"),
                    ("decider", "Decision maker"),
                    ("appeal", "Appeal manager"),
                    ("mediator", "Mediator"),
                    ("co_handler", "Co-investigator"),
                    ("note_taker", "Note-taker"),
                    ("adviser", "Legal adviser"),
                    ("lead", "Casework lead"),
                    ("dpo", "Data-protection officer"),
                    ("auditor", "Auditor"),
                    ("break_glass", "Data-protection officer, for a day in an emergency"),
                    ("asked_handler", "Asked to be handler"),
                    ("asked_decider", "Asked to be decision maker"),
                    ("asked_appeal", "Asked to be appeal manager"),
                    ("asked_co_handler", "Asked to be co-investigator"),
                    ("asked_note_taker", "Asked to be note-taker"),
                    ("asked_adviser", "Asked to be legal adviser"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="tenure",
            name="role",
            field=models.CharField(
                choices=[
                    ("triage_pool", "Triage officer (not yet assigned)"),
                    ("triage", "Triage officer"),
                    ("handler", "Handler"),
                    ("decider", "Decision maker"),
                    ("appeal", "Appeal manager"),
                    ("mediator", "Mediator"),
                    ("co_handler", "Co-investigator"),
                    ("note_taker", "Note-taker"),
                    ("adviser", "Legal adviser"),
                    ("lead", "Casework lead"),
                    ("dpo", "Data-protection officer"),
                    ("auditor", "Auditor"),
                    ("break_glass", "Data-protection officer, for a day in an emergency"),
                    ("asked_handler", "Asked to be handler"),
                    ("asked_decider", "Asked to be decision maker"),
                    ("asked_appeal", "Asked to be appeal manager"),
                    ("asked_co_handler", "Asked to be co-investigator"),
                    ("asked_note_taker", "Asked to be note-taker"),
                    ("asked_adviser", "Asked to be legal adviser"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(install, install),
        migrations.RunPython(migrations.RunPython.noop, take_back),
    ]
