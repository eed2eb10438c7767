"""Public keys with a tag that only the running service can make.

The keys that are there at the upgrade are taken as right: until then nothing told them from others.
"""

from django.db import migrations, models

from grievances.encryption.server_keys import Purpose, tag_of


def tag_all(apps, schema_editor):
    for pair in apps.get_model("grievances", "KeyPair").objects.iterator():
        place = f"public key|account {pair.pk}"
        pair.tag = tag_of(bytes(pair.public_key), place, Purpose.PUBLIC_KEYS)
        pair.save(update_fields=["tag"])
    for request in apps.get_model("grievances", "AccountRecovery").objects.iterator():
        place = f"recovery {request.number}|account {request.person_id}"
        request.tag = tag_of(bytes(request.public_key), place, Purpose.PUBLIC_KEYS)
        request.save(update_fields=["tag"])


class Migration(migrations.Migration):
    dependencies = [("grievances", "0022_account_sessions")]

    operations = [
        migrations.AddField(
            model_name="keypair", name="tag", field=models.BinaryField(default=b"")
        ),
        migrations.AddField(
            model_name="accountrecovery", name="tag", field=models.BinaryField(default=b"")
        ),
        migrations.RunPython(tag_all, migrations.RunPython.noop),
    ]
