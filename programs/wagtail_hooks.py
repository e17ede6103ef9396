"""The library in the editors' admin."""

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from programs.models import Exercise


class ExerciseViewSet(SnippetViewSet):
    """Exercises, to edit and to choose for an article."""

    model = Exercise
    icon = "form"
    menu_label = "Exercises"
    add_to_admin_menu = True
    list_display = ["code", "title", "kind", "nerve", "level", "certainty"]
    list_filter = ["kind", "nerve", "pose", "level", "certainty"]
    search_fields = ["code", "title", "cue"]
    ordering = ["code"]
    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("code", "title", "kind", "nerve", "level", "pose")],
            heading="What it is",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("start", "steps", "cue", "equipment")],
            heading="What the patient does",
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "precautions",
                    "safety_setup",
                    "needs_helper",
                    "clinic_if_insensate",
                    "home_use",
                )
            ],
            heading="Safety",
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "sets",
                    "reps",
                    "hold_seconds",
                    "rest_seconds",
                    "tempo",
                    "times_per_day",
                    "times_per_day_max",
                    "days_per_week",
                    "days_per_week_max",
                    "side",
                )
            ],
            heading="Default dosage",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("motion_data", "certainty", "citations")],
            heading="Motion and evidence",
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("easier", "easier_exercises", "harder", "harder_exercises")
            ],
            heading="Easier and harder",
        ),
    ]


register_snippet(ExerciseViewSet)
