"""Every address of the site; each door keeps its own list."""

from allauth.account import views as allauth_views
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from accounts import bounces, single_sign_on
from accounts.factors import of_staff
from accounts.proof import proven
from accounts.views import (
    ReauthenticateByCode,
    ShowMailbox,
    first_page,
    sessions,
    set_up,
    set_up_done,
)
from cms.admin import tags, uncited
from cms.urls import in_each_language
from config import launched, looking, metrics, probes, taking_along, taking_in
from portal.views import apps

handler403 = "config.views.refused"
handler500 = "config.views.server_error"
handler429 = "config.views.too_many"  # looked for by allauth

to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)
to_reset = RedirectView.as_view(pattern_name="account_reset_password")

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("mail/events/", include(bounces.addresses())),
    path("metrics", metrics.told, name="metrics"),
    path("privacy/", TemplateView.as_view(template_name="patients/privacy.html"), name="privacy"),
    path("account/email/", proven(allauth_views.email), name="account_email"),
    path("account/password/set/", proven(allauth_views.password_set), name="account_set_password"),
    path(
        "account/reauthenticate/code/",
        ReauthenticateByCode.as_view(),
        name="reauthenticate_by_code",
    ),
    path("account/mailbox/", ShowMailbox.as_view(), name="show_mailbox"),
    path("account/", include("allauth.account.urls")),
    path("account/passkeys/webauthn/", RedirectView.as_view(pattern_name="mfa_index")),
    # Staff's alone. Not among MFA_SUPPORTED_TYPES, by which everybody would have them.
    *(
        path(f"account/passkeys/{address}/", of_staff(view), name=f"mfa_{name}")
        for address, view, name in [
            ("app", totp.activate_totp, "activate_totp"),
            ("app/remove", totp.deactivate_totp, "deactivate_totp"),
            ("recovery-codes", recovery_codes.view_recovery_codes, "view_recovery_codes"),
            (
                "recovery-codes/make",
                recovery_codes.generate_recovery_codes,
                "generate_recovery_codes",
            ),
            (
                "recovery-codes/file",
                recovery_codes.download_recovery_codes,
                "download_recovery_codes",
            ),
        ]
    ),
    path("account/passkeys/", include("allauth.mfa.urls")),
    path("account/sso/<slug:provider_id>/", single_sign_on.begin, name="openid_connect_login"),
    path(
        "account/sso/<slug:provider_id>/back/",
        single_sign_on.come_back,
        name="openid_connect_callback",
    ),
    path("set-up/", set_up, name="set_up"),
    path("set-up/done/", set_up_done, name="set_up_done"),
    path("account/home/", first_page, name="first_page"),
    path("account/sessions/", sessions, name="sessions"),
    path("workspace/patients/<uuid:patient_id>/sees/", looking.looking, name="looking"),
    path("workspace/patients/<uuid:patient_id>/sees/<str:page>/", looking.looking, name="looking"),
    path(
        "workspace/patients/<uuid:patient_id>/sees/<str:page>/portal/",
        looking.looked_at,
        name="looked_at",
    ),
    path(
        "workspace/patients/<uuid:patient_id>/record/fhir.json",
        taking_along.of_patient,
        name="record_as_fhir",
    ),
    path("workspace/records/launch/", launched.launch, name="record_launch"),
    path("workspace/records/<uuid:record_id>/back/", launched.back, name="record_back"),
    path("workspace/records/open/<uuid:visit_id>/", launched.visit, name="record_visit"),
    path("workspace/patients/<uuid:patient_id>/earlier/add/", taking_in.record, name="earlier_add"),
    path("workspace/patients/from-file/", taking_in.patients, name="patients_file"),
    path(
        "workspace/programs/<uuid:program_id>/fhir.json",
        taking_along.program,
        name="program_as_fhir",
    ),
    path("portal/me/record-fhir.json", taking_along.mine, name="my_record_as_fhir"),
    path("portal/apps/authorize/", apps.authorize, name="app_authorize"),
    path("fhir/", include("fhir.urls")),
    path("workspace/", include("workspace.urls")),
    path("portal/", include("portal.urls")),
    # Wagtail's own login would go round our rate limits and, later, the second factor.
    path("cms/login/", to_login),
    path("cms/password_reset/", to_reset),
    path("cms/tag-autocomplete/", require_admin_access(tags.autocomplete)),
    path(
        "cms/tag-autocomplete/<slug:app_name>/<slug:model_name>/",
        require_admin_access(tags.autocomplete),
    ),
    path(
        "cms/pages/workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/",
        require_admin_access(uncited.workflow_action),
    ),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Its sidebar's 'Account': by the name of Wagtail's own page, which nobody has, and after it.
    path("account/email/", proven(allauth_views.email), name="wagtailadmin_account"),
]
# But not documents: whether somebody reads one is asked at /documents/.
pictures = r"^media/(?P<path>(?!documents/).+)$"
if settings.S3_BUCKET:
    from config import media

    urlpatterns.append(re_path(pictures, media.served, name="media"))
elif not settings.PRODUCTION:
    # In production the web server in front serves these from their folder.
    urlpatterns.append(re_path(pictures, serve, {"document_root": settings.MEDIA_ROOT}))
if not settings.PRODUCTION:
    from config import styleguide

    urlpatterns.append(path("styleguide/", styleguide.page, name="styleguide"))
urlpatterns += [
    path("", include("cms.urls")),
    *i18n_patterns(
        path("exercises/", include("programs.library.urls")),
        path("", include(in_each_language)),
        prefix_default_language=False,
    ),
]
