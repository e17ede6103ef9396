"""Addresses of accounts in one spelling: as they are looked up from now on.

Nobody's account becomes another's. Where two accounts turn out to have the same address, the one
that already has it in the plain spelling keeps it, else the older; the other is named and keeps its
own, but in small letters.
"""

import sys
import unicodedata

import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Lower

import accounts.addresses

LONGEST = 254


def plain_form(text):
    """accounts.addresses.canonical as it is at this migration."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return unicodedata.normalize("NFKC", plain)


def mend(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects.annotate(low=Lower("email"))
    # No two of them are the same: the index on Lower(email) has always held that.
    users.exclude(email=F("low")).update(email=F("low"))
    left = {*mend_users(users), *mend_addresses(apps, users)}
    for uuid in sorted(left, key=str):
        print(
            f"Account {uuid} has the address of another account in other letters, so it was left "
            "as it is and its owner can't log in: give one of the two another address.",
            file=sys.stderr,
        )


def mend_users(users):
    for user in users.order_by("date_joined", "pk"):
        plain = plain_form(user.email)
        if plain == user.email:
            continue
        if len(plain) > LONGEST or users.filter(low=plain).exclude(pk=user.pk).exists():
            yield user.uuid
        else:
            users.filter(pk=user.pk).update(email=plain)


def mend_addresses(apps, users):
    """The rows by which django-allauth finds an account."""
    rows = apps.get_model("account", "EmailAddress").objects
    for row in rows.select_related("user").order_by("-verified", "user__date_joined", "pk"):
        plain = plain_form(row.email)
        if plain == row.email:
            continue
        others = rows.filter(email=plain).exclude(user=row.user)
        if (
            len(plain) > LONGEST
            or users.filter(email=plain).exclude(pk=row.user_id).exists()
            or (row.verified and others.filter(verified=True).exists())
        ):
            yield row.user.uuid
        else:
            rename(rows, row, plain)


def rename(rows, row, plain):
    """Where the same person has the plain spelling too, the two rows become one."""
    twin = rows.filter(user_id=row.user_id, email=plain).first()
    if twin is not None:
        row.verified, row.primary = row.verified or twin.verified, row.primary or twin.primary
        twin.delete()
    row.email = plain
    row.save()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=accounts.addresses.AddressField(
                max_length=254, unique=True, verbose_name="email address"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_lower",
                violation_error_message="Write the email address in small letters.",
            ),
        ),
    ]
