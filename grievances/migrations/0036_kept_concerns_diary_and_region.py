"""Keep concerns back, keep diaries, and let a region be left out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0035_lessons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Diary",
            fields=[
                ("label", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("sealed_words", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="KeptConcern",
            fields=[
                ("label", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("sealed_words", models.BinaryField(default=b"")),
            ],
        ),
        migrations.AlterField(
            model_name="case",
            name="region",
            field=models.CharField(
                blank=True,
                choices=[
                    ("NORTH", "North"),
                    ("MIDLANDS", "Midlands and East"),
                    ("SOUTH", "South"),
                    ("LONDON", "London"),
                    ("WALES", "Wales"),
                    ("", "Not said"),
                ],
                max_length=20,
            ),
        ),
    ]
