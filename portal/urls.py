"""Addresses of the patient's door."""

from django.urls import path

from portal.views import (
    app,
    ask,
    check_in,
    correction,
    handout,
    join,
    learn,
    me,
    messages,
    pages,
    paper,
    reminders,
    session,
    signs,
)

app_name = "portal"

urlpatterns = [
    path("", pages.today_page, name="today"),
    path("plan/", pages.plan_page, name="plan"),
    path("plan/print/", handout.page, name="plan_print"),
    path("plan/print/file/", handout.file, name="plan_file"),
    path("progress/", pages.progress_page, name="progress"),
    path("paper/", paper.enter, name="paper"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("worker.js", app.worker, name="worker"),
    path("connection/", app.connection, name="connection"),
    path("session/<uuid:plan_id>/", app.session_copy, name="session_copy"),
    path("session/<uuid:plan_id>/<uuid:session_id>/", session.do_session, name="session"),
    path("session/<uuid:session_id>/done/", session.done, name="session_done"),
    path("session/<uuid:session_id>/correct/", correction.begin, name="session_put_right"),
    path(
        "session/<uuid:session_id>/correct/<uuid:new_id>/",
        correction.correct,
        name="session_correct",
    ),
    path(
        "session/<uuid:session_id>/morning/", correction.next_morning, name="session_next_morning"
    ),
    path("wrong/", signs.tell, name="signs"),
    path("wrong/<uuid:report_id>/", signs.told, name="signs_told"),
    path("check-in/<uuid:form_id>/<uuid:check_in_id>/keep/", check_in.keep, name="check_in_keep"),
    path("check-in/<uuid:form_id>/<uuid:check_in_id>/", check_in.answer, name="check_in"),
    path("learn/", learn.learn, name="learn"),
    path("learn/save/", learn.save, name="learn_save"),
    path("learn/<uuid:prescription_id>/", learn.exercise, name="learn_exercise"),
    path("ask/exercise/<uuid:prescription_id>/", ask.ask_about_exercise, name="ask_about_exercise"),
    path("messages/", messages.thread, name="messages"),
    path("messages/<uuid:message_id>/picture/", messages.picture, name="message_picture"),
    path("reminders/", reminders.choose, name="reminders"),
    path("reminders/calendar/", reminders.calendar_link, name="calendar_link"),
    path("reminders/off/<str:token>/", reminders.stop_emails, name="reminders_off"),
    path("calendar/<str:token>.ics", reminders.calendar, name="calendar"),
    path("ask/", ask.questions, name="questions"),
    path("ask/<uuid:article_key>/", ask.ask_about, name="ask_about"),
    path("me/", me.page, name="me"),
    path("me/looks/", me.looks, name="me_looks"),
    path("me/record.json", me.data_file, name="me_data_file"),
    path("me/record.pdf", me.readable_file, name="me_readable_file"),
    path("me/leave/", me.leave, name="me_leave"),
    path("join/", join.enter_code, name="join_code"),
    path("join/address/", join.prove_address, name="join_proof"),
    path("join/<str:token>/", join.accept, name="join"),
]
