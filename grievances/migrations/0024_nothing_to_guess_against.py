"""Private keys and account hashes sealed for the server, so that a copy gives nothing to guess.

No password is needed for it. Going back takes the seals of what was there before off again. An
account that signed in meanwhile has a hash that only this version knows; its person comes back with
the recovery code.
"""

from django.db import migrations, models

from grievances.encryption.password_hasher import SealedArgon2
from grievances.encryption.private_keys import is_for_server, unwrap, wrap


def each(apps):
    """Yield (row, column of a private key, its place), and (row, "password", "")."""
    for user in apps.get_model("grievances", "User").objects.iterator():
        yield user, "password", ""
    for pair in apps.get_model("grievances", "KeyPair").objects.iterator():
        yield pair, "sealed_by_password", f"private key|account {pair.pk}|password"
        if pair.sealed_by_code:
            yield pair, "sealed_by_code", f"private key|account {pair.pk}|recovery code"
    for row in apps.get_model("grievances", "AccountRecovery").objects.iterator():
        place = f"private key|account {row.person_id}|password|recovery {row.number}"
        yield row, "sealed_by_password", place
        yield row, "password", ""


def seal_all(apps, schema_editor):
    for row, column, place in each(apps):
        value = getattr(row, column)
        if column == "password":
            if not value.startswith("argon2$"):
                continue
            value = SealedArgon2.seal(value)
        elif is_for_server(bytes(value)):
            continue
        else:
            value = wrap(bytes(value), place)
        setattr(row, column, value)
        row.save(update_fields=[column])


def open_all(apps, schema_editor):
    for row, column, place in each(apps):
        value = getattr(row, column)
        if column == "password":
            if not value.startswith(SealedArgon2.algorithm + "$"):
                continue
            value = SealedArgon2.open(value)
        elif not is_for_server(bytes(value)):
            continue
        else:
            value = unwrap(bytes(value), place)
        setattr(row, column, value)
        row.save(update_fields=[column])


class Migration(migrations.Migration):
    dependencies = [("grievances", "0023_authentic_keys")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="password",
            field=models.CharField(max_length=255, verbose_name="password"),
        ),
        migrations.AlterField(
            model_name="accountrecovery",
            name="password",
            field=models.CharField(max_length=255),
        ),
        migrations.RunPython(seal_all, open_all),
    ]
