"""The log of keys, begun with the keys that this service wrote, in the order of fingerprints."""

from django.db import migrations, models

from grievances.encryption.key_log import START, account_of, digest_of, fingerprint
from grievances.encryption.server_keys import Purpose, tag_fits
from workflow.sql.triggers import append_only_triggers


def begin(apps, schema_editor):
    entries, digest = apps.get_model("grievances", "KeyLogEntry").objects, START
    known = []
    for pair in apps.get_model("grievances", "KeyPair").objects.iterator():
        public, place = bytes(pair.public_key), f"public key|account {pair.pk}"
        if tag_fits(bytes(pair.tag), public, place, Purpose.PUBLIC_KEYS):
            known.append((fingerprint(public), account_of(pair.pk)))
    for seq, (mark, account) in enumerate(sorted(known), start=1):
        digest = digest_of(digest, f"{seq} {account} {mark}")
        entries.create(seq=seq, account=account, fingerprint=mark, digest=digest)


class Migration(migrations.Migration):
    dependencies = [("grievances", "0024_nothing_to_guess_against")]

    operations = [
        migrations.CreateModel(
            name="KeyLogEntry",
            fields=[
                ("seq", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("account", models.CharField(db_index=True, max_length=40)),
                ("fingerprint", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(*append_only_triggers("grievances_keylogentry")),
    ]
