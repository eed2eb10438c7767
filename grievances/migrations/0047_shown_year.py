"""Let HR show the released figures of a year to everyone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0046_filed_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShownYear",
            fields=[
                ("period", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("shown_on", models.DateField()),
            ],
        ),
    ]
