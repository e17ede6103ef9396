"""Addresses of the therapist's door."""

from django.urls import path

from workspace.views import (
    alerts,
    caseload,
    composer,
    episodes,
    library,
    measures,
    patients,
    plans,
    program_editor,
    programs,
)

app_name = "workspace"

urlpatterns = [
    path("", caseload.caseload_page, name="caseload"),
    path("patients/add/", patients.add, name="patient_add"),
    path("patients/<uuid:patient_id>/", patients.overview, name="patient"),
    path("patients/<uuid:patient_id>/sessions/", patients.sessions, name="patient_sessions"),
    path("patients/<uuid:patient_id>/check-ins/", measures.check_ins, name="patient_check_ins"),
    path("patients/<uuid:patient_id>/measures/", measures.choose, name="measure_choose"),
    path(
        "patients/<uuid:patient_id>/measures/<str:code>/<uuid:check_in_id>/",
        measures.record,
        name="measure_record",
    ),
    path("patients/<uuid:patient_id>/record/", patients.record, name="patient_record"),
    path("patients/<uuid:patient_id>/edit/", patients.edit, name="patient_edit"),
    path("patients/<uuid:patient_id>/invite/", patients.invite, name="patient_invite"),
    path("patients/<uuid:patient_id>/invitation/", patients.invitation, name="invitation"),
    path("patients/<uuid:patient_id>/care-team/", patients.join_team, name="care_team_join"),
    path(
        "patients/<uuid:patient_id>/care-team/<uuid:member_id>/leave/",
        patients.leave_team,
        name="care_team_leave",
    ),
    path("patients/<uuid:patient_id>/episode/", episodes.edit, name="episode"),
    path("patients/<uuid:patient_id>/episode/close/", episodes.close, name="episode_close"),
    path("patients/<uuid:patient_id>/red-flags/", episodes.screen, name="red_flags"),
    path("patients/<uuid:patient_id>/red-flags/clear/", episodes.clear, name="red_flags_clear"),
    path("patients/<uuid:patient_id>/plan/", plans.plan_page, name="patient_plan"),
    path("patients/<uuid:patient_id>/plan/assign/", plans.assign, name="assign"),
    path("patients/<uuid:patient_id>/plan/adapt/", plans.adapt, name="plan_adapt"),
    path("patients/<uuid:patient_id>/plan/phase/", plans.start_phase, name="plan_phase"),
    path("patients/<uuid:patient_id>/plan/end/", plans.end, name="plan_end"),
    path("plans/<uuid:plan_id>/", composer.compose, name="composer"),
    path("plans/<uuid:plan_id>/settings/", composer.settings, name="plan_settings"),
    path("plans/<uuid:plan_id>/add/", composer.add_exercise, name="prescription_add"),
    path("plans/<uuid:plan_id>/preview/", composer.preview, name="plan_preview"),
    path("plans/<uuid:plan_id>/activate/", composer.activate, name="plan_activate"),
    path("plans/<uuid:plan_id>/discard/", composer.discard, name="plan_discard"),
    path("prescriptions/<uuid:prescription_id>/", composer.change, name="prescription"),
    path("prescriptions/<uuid:prescription_id>/swap/", composer.swap, name="prescription_swap"),
    path(
        "prescriptions/<uuid:prescription_id>/remove/", composer.remove, name="prescription_remove"
    ),
    path(
        "prescriptions/<uuid:prescription_id>/from-library/",
        composer.take_from_library,
        name="prescription_from_library",
    ),
    path("alerts/<uuid:alert_id>/", alerts.acknowledge, name="alert"),
    path("library/", library.exercises, name="exercises"),
    path("library/<uuid:exercise_id>/", library.exercise, name="exercise"),
    path("programs/", programs.programs, name="programs"),
    path("programs/add/", programs.add, name="program_add"),
    path("programs/import/", programs.import_file, name="program_import"),
    path("programs/<uuid:program_id>/", programs.program, name="program"),
    path("programs/<uuid:program_id>/copy/", programs.copy, name="program_copy"),
    path("programs/<uuid:program_id>/share/", programs.share, name="program_share"),
    path("programs/<uuid:program_id>/archive/", programs.archive, name="program_archive"),
    path("programs/<uuid:program_id>/versions/", programs.versions, name="program_versions"),
    path("programs/<uuid:program_id>/export/", programs.export, name="program_export"),
    path("programs/<uuid:program_id>/edit/", program_editor.edit, name="program_edit"),
    path("programs/<uuid:program_id>/pick/", program_editor.pick, name="program_pick"),
    path("programs/<uuid:program_id>/preview/", program_editor.preview, name="program_preview"),
    path("programs/<uuid:program_id>/publish/", program_editor.publish, name="program_publish"),
    path("programs/<uuid:program_id>/discard/", program_editor.discard, name="program_discard"),
]
