"""The second step of the workflow: a clinician signs off."""

from typing import Any

from wagtail.models import AbstractGroupApprovalTask, TaskState

from cms.models.author import Author
from cms.signing import is_author, may_publish


class ClinicalReviewTask(AbstractGroupApprovalTask):
    """Approval by a reviewer who neither wrote it nor sent it in."""

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        return [] if _is_own(obj.current_workflow_state, user) else actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Raises ValueError for an approval of one's own: no button offers it."""
        if action_name == "approve" and _is_own(task_state.workflow_state, user):
            raise ValueError("Nobody signs off what they wrote or sent in themselves.")
        super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        return "A reviewer of the chosen groups signs off on the clinical content."

    class Meta:
        verbose_name = "clinical review"
        verbose_name_plural = "clinical reviews"


def _is_own(state: Any, user: Any) -> bool:
    """Whether this login sent it in, or wrote it, or is what it is about."""
    if not state:
        return False
    sent_in = state.content_object.get_latest_revision_as_object()
    if isinstance(sent_in, Author):
        return state.requested_by_id == user.pk or not may_publish(sent_in, user)
    return state.requested_by_id == user.pk or is_author(sent_in, user)
