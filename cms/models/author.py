"""Who writes and reviews articles."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Revision, RevisionMixin, WorkflowMixin, WorkflowState

from cms import pictures


class Author(WorkflowMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A person (or an organization) readers can weigh: name, credentials, a few lines about them.

    Apart from the accounts, so that one who has left, or never logged in, keeps their byline. The
    row holds what readers see; a change is a draft until a reviewer publishes it, who is neither
    the author nor wrote the change (`cms.signing.may_publish`).
    """

    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=100, blank=True, help_text="Such as PT, DPT.")
    biography = models.TextField(
        blank=True, help_text="Shown below their articles. Training, work, conflicts of interest."
    )
    portrait = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Their face, from the front, shown on their own page. Only with their consent.",
    )
    is_organization = models.BooleanField(
        "is an organization", default=False, help_text="Such as a clinic or a society."
    )
    is_invented = models.BooleanField(
        "is invented for a demonstration",
        default=False,
        help_text="Said wherever the name stands; never told to search engines.",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
        help_text="Their login here, if they have one. Never shown.",
    )

    _revisions = GenericRelation(Revision, related_query_name="author", for_concrete_model=False)
    workflow_states = GenericRelation(
        WorkflowState,
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="author",
        for_concrete_model=False,
    )

    address: str = ""  # of their own page, where a byline has looked

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name_with_credentials

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        # A draft saves a few named fields, and shows nothing.
        if self.portrait and kwargs.get("update_fields") is None:
            pictures.make_sizes(self.portrait, (pictures.PORTRAIT,))

    @property
    def revisions(self) -> Any:
        return self._revisions

    @property
    def name_with_credentials(self) -> str:
        whole = f"{self.name}, {self.credentials}" if self.credentials else self.name
        if self.is_invented:
            return _("%(name)s (invented for this demonstration)") % {"name": whole}
        return whole

    @classmethod
    def of(cls, user: Any) -> "Author":
        """The author that is this login; made from the account when there is none yet."""
        found = cls.objects.filter(user=user).first()
        return found or cls.objects.create(
            name=str(user), credentials=getattr(user, "credentials", ""), user=user
        )
