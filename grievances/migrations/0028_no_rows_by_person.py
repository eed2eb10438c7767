from django.db import migrations


class Migration(migrations.Migration):
    """Drop the tables in which one row, or one number, stood for one person on every case."""

    dependencies = [
        ("grievances", "0027_pseudonyms_per_case"),
    ]

    operations = [
        migrations.DeleteModel(name="Bar"),
        migrations.DeleteModel(name="NumberedPerson"),
    ]
