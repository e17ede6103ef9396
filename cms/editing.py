"""Who writes and who signs off: the two groups and the workflow between them."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from cms import teams
from cms.models import Author, ClinicalReviewTask

WORKFLOW = "Clinical review"
TASK = "A reviewer signs off"
_WRITER_MAY = ["add_page", "change_page"]
_REVIEWER_MAY = [*_WRITER_MAY, "publish_page", "bulk_delete_page", "lock_page", "unlock_page"]
_SNIPPETS = ("source", "author")
_ALSO_DELETED = ("searchsynonyms",)


@transaction.atomic
def set_up() -> None:
    """Groups, their permissions, and the workflow on the whole tree. Safe to repeat.

    What an administrator added is left, but for rights to files, which Wagtail's first migration
    gives in every collection; a workflow of the clinic's own on the root stays as it is.
    """
    writers, _ = Group.objects.get_or_create(name=teams.WRITERS)
    reviewers, _ = Group.objects.get_or_create(name=teams.REVIEWERS)
    _give_pages(writers, _WRITER_MAY)
    _give_pages(reviewers, _REVIEWER_MAY)
    for group in (writers, reviewers):
        _give_rest(group)
    # Wagtail asks for the second when a reviewer approves a change of an author.
    reviewers.permissions.add(
        _permission("cms", "sign_article"), _permission("cms", "publish_author")
    )
    _workflow(reviewers)


def _permission(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _give_pages(group: Group, codenames: list[str]) -> None:
    root = Page.get_first_root_node()
    for codename in codenames:
        GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=_permission("wagtailcore", codename)
        )


def _give_rest(group: Group) -> None:
    group.permissions.add(_permission("wagtailadmin", "access_admin"))
    group.permissions.add(_permission("simple_translation", "submit_translation"))
    for model in _SNIPPETS:
        for doing in ("view", "add", "change"):
            group.permissions.add(_permission("cms", f"{doing}_{model}"))
    for model in _ALSO_DELETED:
        for doing in ("view", "add", "change", "delete"):
            group.permissions.add(_permission("cms", f"{doing}_{model}"))
    # In the root they would reach into every clinic's collection.
    root = Collection.get_first_root_node()
    GroupCollectionPermission.objects.filter(group=group, collection=root).delete()
    teams.give_files(group, teams.public_collection(), teams.FILES)


def _workflow(reviewers: Group) -> None:
    """The review, in the place of the approval that Wagtail's first migration put there."""
    task, _ = ClinicalReviewTask.objects.get_or_create(name=TASK)
    task.groups.add(reviewers)
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    root = Page.get_first_root_node()
    placed = WorkflowPage.objects.filter(page=root).select_related("workflow").first()
    if placed is None or placed.workflow.name == "Moderators approval":
        WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    WorkflowContentType.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Author), defaults={"workflow": workflow}
    )


@transaction.atomic
def make_reviewer(*, user: Any, by: Any = None) -> Author:
    """Let `user` sign off articles; their byline is found by name or made. Returns it.

    Raises ValidationError for somebody who is not of the editorial team.
    """
    if not teams.is_editorial(user):
        raise ValidationError("Reviewers are of the editorial team. See editorial_clinic.")
    user.groups.add(Group.objects.get(name=teams.REVIEWERS))
    unlinked = Author.objects.filter(user=None, name=str(user)).first()
    if unlinked is not None and not Author.objects.filter(user=user).exists():
        unlinked.user = user
        unlinked.save(update_fields=["user"])
    return Author.of(user)
