"""Exercises in Wagtail's admin: the listing, the edit form, what is shown beside it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import CreateView

from cms.admin.citing import SourceOptions
from programs.admin.exercise_form import ExerciseForm
from programs.admin.motion_compare import MotionPanel
from programs.admin.viewset import LibraryViewSet, first_clinic_of
from programs.library import usage
from programs.models import Exercise


class AboutPanel(Panel):
    """Where the exercise is used, its ladder, and what can be done with it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "programs/admin/about_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            clinic = first_clinic_of(self.request.user)
            return super().get_context_data(parent_context) | {
                "exercise": self.instance,
                "usage": usage.of_exercise(self.instance, clinic),
            }


def _group(heading: str, *names: str) -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=heading)


CONTENT = [
    AboutPanel(heading="About this exercise"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]),
            FieldPanel("title"),
            FieldPanel("patient_title"),
            FieldRowPanel([FieldPanel("nerve"), FieldPanel("level"), FieldPanel("pose")]),
        ],
        heading="What it is",
    ),
    _group("What the patient does", "start", "steps", "cue", "equipment"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("sets"), FieldPanel("reps"), FieldPanel("side")]),
            FieldRowPanel([FieldPanel("hold_seconds"), FieldPanel("rest_seconds")]),
            FieldRowPanel([FieldPanel("out_seconds"), FieldPanel("back_seconds")]),
            FieldPanel("tempo"),
            FieldRowPanel([FieldPanel("times_per_day"), FieldPanel("days_per_week")]),
            FieldPanel("allowed_dosage"),
        ],
        heading="Default dosage",
    ),
]
LANGUAGES = [
    InlinePanel(
        "texts",
        label="Language",
        heading="In other languages",
        help_text="What patients read. What you leave empty is read in English.",
    )
]
MOTION = [
    MultiFieldPanel(
        [MotionPanel("motion_data"), FieldPanel("rule_reason"), FieldPanel("shows_figure")],
        heading="Motion",
    ),
    FieldPanel("media"),
]
SAFETY = [
    _group("Safety", "precautions", "patient_care", "safety_setup", "needs_helper", "home_use"),
    InlinePanel("precaution_rules", label="Precaution", heading="Precautions that gate"),
]
EVIDENCE = [
    MultiFieldPanel(
        [FieldPanel("certainty"), FieldPanel("citations", widget=SourceOptions)],
        heading="Evidence",
    ),
    _group("Easier and harder", "easier", "easier_exercises", "harder", "harder_exercises"),
    _group("Public", "is_public"),
]


class ExerciseCreateView(CreateView):
    """A new exercise belongs to the clinic of who writes it."""

    def get_initial_form_instance(self) -> Exercise:
        return Exercise(clinic=first_clinic_of(self.request.user))


class ExerciseViewSet(LibraryViewSet):
    model = Exercise
    icon = "form"
    menu_label = "Exercises"
    menu_order = 300
    add_view_class = ExerciseCreateView
    list_display = [
        "code",
        "title",
        "kind",
        "nerve",
        "level",
        "pose",
        "certainty",
        Column("clinic", label="Of", accessor=lambda row: row.clinic or "platform"),
        Column("state", label="State", accessor=lambda row: "archived" if row.archived_at else ""),
    ]
    list_filter = {
        **{
            name: ["exact"]
            for name in ("kind", "nerve", "pose", "level", "side", "certainty", "live")
        },
        "equipment": ["icontains"],
    }
    search_fields = ["code", "title", "patient_title", "cue", "equipment"]
    ordering = ["code"]
    list_per_page = 50
    edit_handler = TabbedInterface(
        [
            ObjectList(CONTENT, heading="Exercise"),
            ObjectList(MOTION, heading="Motion"),
            ObjectList(SAFETY, heading="Safety"),
            ObjectList(EVIDENCE, heading="Evidence"),
            ObjectList(LANGUAGES, heading="Languages"),
        ],
        base_form_class=ExerciseForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("clinic")
