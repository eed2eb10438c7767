import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which subject of the organisation's sign-in an account belongs to, as a keyed hash."""

    dependencies = [
        ("grievances", "0016_one_family"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignOnBinding",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sign_on",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("subject", models.CharField(max_length=40, unique=True)),
            ],
        ),
    ]
