"""Keys of a case are stored in bundles; rows of before stay and open as they are.

Nothing changes in the database: the choices of a column, and the name of a relation.
"""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PARTS = [
    ("", "The key"),
    ("dpo", "The data-protection officer's share"),
    ("lead", "The casework lead's share"),
    ("lent_dpo", "The data-protection officer's share, lent"),
    ("lent_lead", "The casework lead's share, lent"),
    ("bundle", "Several keys"),
    ("owed", "Several keys that are pending"),
    ("refused", "Several keys that are not sealed, because the public key was refused"),
]


class Migration(migrations.Migration):
    dependencies = [("grievances", "0055_handovers")]

    operations = [
        migrations.AlterField(
            "accountrecovery",
            "person",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recoveries",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "sealedkey",
            "part",
            models.CharField(blank=True, choices=PARTS, default="", max_length=9),
        ),
    ]
