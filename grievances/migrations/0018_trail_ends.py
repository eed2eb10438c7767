from django.db import migrations, models


class Migration(migrations.Migration):
    """How far each chain of the trail was let go after seven years, signed."""

    dependencies = [
        ("grievances", "0017_sign_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrailEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.CharField(max_length=40, unique=True)),
                ("seq", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("signed", models.TextField()),
            ],
        ),
    ]
