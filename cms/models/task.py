"""The second step of the workflow: a clinician signs off."""

from typing import Any

from wagtail.models import AbstractGroupApprovalTask, TaskState


class ClinicalReviewTask(AbstractGroupApprovalTask):
    """Approval by a reviewer who is not the one who sent it in."""

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        return [] if self._sent_in_by(obj, user) else actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Raises ValueError for an approval of one's own: no button offers it."""
        own = task_state.workflow_state.requested_by_id == user.pk
        if own and action_name == "approve":
            raise ValueError("Nobody signs off what they sent in themselves.")
        super().on_action(task_state, user, action_name, **kwargs)

    def _sent_in_by(self, obj: Any, user: Any) -> bool:
        state = obj.current_workflow_state
        return bool(state and state.requested_by_id == user.pk)

    @classmethod
    def get_description(cls) -> str:
        return "A reviewer of the chosen groups signs off on the clinical content."

    class Meta:
        verbose_name = "clinical review"
        verbose_name_plural = "clinical reviews"
