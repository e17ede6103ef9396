"""Who writes what: the editorial team the public site, each clinic's staff what their clinic keeps.

Wagtail asks its groups. Which groups somebody is in follows from their account, here and nowhere
else, each time the account or the clinic is saved.
"""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission

from accounts.models import Clinic, User
from accounts.permissions import Permission as Right
from cms.models.clinic_files import ClinicFiles
from cms.models.video import Video

WRITERS = "Editors"  # comes with Wagtail
REVIEWERS = "Reviewers"  # of the editorial team; who else is in it is taken out
PUBLIC = "Public site"
# Who may add a file also changes and deletes it; other people's are not theirs to change.
FILES = ["add_image", "choose_image", "add_document", "choose_document"]
CHOOSE = ["choose_image", "choose_document"]
# What of an account decides its groups.
_DECIDES = {"role", "clinic", "clinic_id", "is_active"}


def is_editorial(user: Any) -> bool:
    """Whether this login writes pages, authors and sources: whoever writes for the platform, or in
    a clinic that keeps the public site.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    keeps = user.clinic is None or user.clinic.is_editorial
    return user.may(Right.WRITE_CONTENT) and keeps


def public_collection() -> Collection:
    """Of the installation's pictures and documents; made when it is missing."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=PUBLIC).first()
    return found or root.add_child(name=PUBLIC)


def give_files(group: Group, collection: Collection, codenames: list[str]) -> None:
    for codename in codenames:
        app = "wagtailimages" if codename.endswith("image") else "wagtaildocs"
        permission = Permission.objects.get(content_type__app_label=app, codename=codename)
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )


def files_of(clinic: Clinic) -> ClinicFiles:
    """The clinic's collection and group; made when they are missing."""
    found = ClinicFiles.objects.filter(clinic=clinic).select_related("group", "collection").first()
    if found is not None:
        return found
    collection = Collection.get_first_root_node().add_child(name=clinic.name)
    group = Group.objects.create(name=f"Clinic {clinic.pk}")
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    group.permissions.add(access)
    give_files(group, collection, FILES)
    give_files(group, public_collection(), CHOOSE)
    made: ClinicFiles = ClinicFiles.objects.create(
        clinic=clinic, collection=collection, group=group
    )
    return made


def sync(user: User) -> None:
    """Put a login into the groups that its account decides, and out of the others of these."""
    wanted = set()
    if user.is_active and user.may(Right.WRITE_CONTENT):
        if is_editorial(user):
            wanted.add(Group.objects.get(name=WRITERS))
        if user.clinic is not None:
            wanted.add(files_of(user.clinic).group)
    named = [WRITERS] if is_editorial(user) else [WRITERS, REVIEWERS]
    ours = Group.objects.filter(name__in=named) | Group.objects.filter(
        pk__in=ClinicFiles.objects.values("group")
    )
    user.groups.remove(*(group for group in user.groups.filter(pk__in=ours) if group not in wanted))
    user.groups.add(*wanted)


@receiver(post_save, sender=User)
def account_saved(instance: User, update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields is None or _DECIDES & set(update_fields):
        sync(instance)


@receiver(post_save, sender=Clinic)
def clinic_saved(instance: Clinic, created: bool, **kwargs: Any) -> None:
    """Its collection bears its name; whether it keeps the public site may have changed."""
    files = files_of(instance)
    if files.collection.name != instance.name:
        files.collection.name = instance.name
        files.collection.save()
    if not created:
        for user in instance.users.filter(is_active=True):
            sync(user)


def collections_read_by(user: Any) -> QuerySet[Collection]:
    """Where somebody finds files to use: the installation's, and their clinic's."""
    collections: QuerySet[Collection] = Collection.objects.all()
    if user.is_superuser:
        return collections
    others = ClinicFiles.objects.exclude(clinic=user.clinic_id)
    return collections.exclude(pk__in=others.values("collection"))


def collections_written_by(user: Any) -> QuerySet[Collection]:
    """Where somebody keeps files: their clinic's, and for the editorial team the installation's."""
    readable = collections_read_by(user)
    if is_editorial(user):
        return readable
    own = ClinicFiles.objects.filter(clinic=user.clinic_id)
    return readable.filter(pk__in=own.values("collection"))


def settle(**kwargs: Any) -> None:
    """After each migration: for a database from before there were collections.

    Files in the root, into which every right of a collection above reached, become the
    installation's.
    """
    for clinic in Clinic.objects.filter(files=None):
        files_of(clinic)
        for user in clinic.users.filter(is_active=True):
            sync(user)
    root = Collection.get_first_root_node()
    for model in (get_image_model(), get_document_model(), Video):
        if model.objects.filter(collection=root).exists():
            model.objects.filter(collection=root).update(collection=public_collection())
