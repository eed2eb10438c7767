"""Keys of cases in versions and shares, break-glass by two, accounts set up anew by two."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from grievances.encryption.server_keys import handle, open_for_server, seal_for_server


def keep_public_keys(apps, schema_editor):
    """Each holder of a key of a case, found again among its people; an account alone can be."""
    keys = apps.get_model("grievances", "SealedKey")
    grants = apps.get_model("grievances", "CaseUserObjectPermission")
    parties = apps.get_model("grievances", "Party")
    public = dict(apps.get_model("grievances", "KeyPair").objects.values_list("pk", "public_key"))
    for case_id in keys.objects.values_list("case_id", flat=True).distinct():
        people = set(
            grants.objects.filter(content_object=case_id).values_list("user_id", flat=True)
        )
        for sealed in parties.objects.filter(case=case_id).values_list("sealed_person", flat=True):
            if sealed:
                people.add(int(open_for_server(bytes(sealed), f"party|{case_id}")))
        for person_id in people & set(public):
            blind = handle("holder", case_id, f"person:{person_id}")
            place = f"holder|case {case_id}|{blind}"
            words = seal_for_server(bytes(public[person_id]), place)
            keys.objects.filter(case=case_id, holder=blind).update(sealed_public=words)


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0003_evidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountRecovery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("ends_at", models.DateTimeField()),
                ("password", models.CharField(max_length=200)),
                ("public_key", models.BinaryField(max_length=32)),
                ("sealed_by_password", models.BinaryField()),
                ("salt", models.BinaryField(max_length=16)),
                ("kdf", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("DANGER", "Somebody may be in danger"),
                            (
                                "LAW",
                                "A court, a regulator or the police asks, and the law lets them",
                            ),
                            ("DATA_RIGHTS", "Somebody asks for the data we hold about them"),
                            ("NOBODY_LEFT", "Nobody who can read the case is there"),
                            ("CONDUCT", "How the case was handled is being looked into"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sealed_reasons", models.JSONField(default=dict)),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
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
                    ("lead", "Casework lead"),
                    ("dpo", "Data-protection officer"),
                    ("auditor", "Auditor"),
                    ("break_glass", "Data-protection officer, for a day in an emergency"),
                    ("asked_handler", "Asked to be handler"),
                    ("asked_decider", "Asked to be decision maker"),
                    ("asked_appeal", "Asked to be appeal manager"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="sealedkey",
            name="one_key_per_holder",
        ),
        migrations.AddField(
            model_name="sealedkey",
            name="part",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "The key"),
                    ("dpo", "The data-protection officer's share"),
                    ("lead", "The casework lead's share"),
                    ("lent_dpo", "The data-protection officer's share, lent"),
                    ("lent_lead", "The casework lead's share, lent"),
                ],
                default="",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="sealedkey",
            name="sealed_public",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="sealedkey",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.RunPython(keep_public_keys, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(
            model_name="sealedkey",
            name="owed_to",
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
                    ("lead", "Casework lead"),
                    ("dpo", "Data-protection officer"),
                    ("auditor", "Auditor"),
                    ("break_glass", "Data-protection officer, for a day in an emergency"),
                    ("asked_handler", "Asked to be handler"),
                    ("asked_decider", "Asked to be decision maker"),
                    ("asked_appeal", "Asked to be appeal manager"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="sealedkey",
            index=models.Index(
                condition=models.Q(("sealed", b"")), fields=["case"], name="key_is_owed"
            ),
        ),
        migrations.AddConstraint(
            model_name="sealedkey",
            constraint=models.UniqueConstraint(
                fields=("case", "compartment", "version", "part", "holder"),
                name="one_key_per_holder",
            ),
        ),
        migrations.AddField(
            model_name="accountrecovery",
            name="dpo",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accountrecovery",
            name="lead",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accountrecovery",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="agreed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="emergencies",
                to="grievances.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("case",),
                name="one_emergency_at_a_time",
            ),
        ),
    ]
