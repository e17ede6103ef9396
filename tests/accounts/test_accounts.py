import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.actions import create_clinic, create_user
from accounts.demo import DEMO_DOMAIN
from accounts.models import User
from accounts.permissions import Permission, Role, permissions_of
from tests.conftest import OF_THE_WALL, PASSWORD, client_of, make_clinic, make_user, prove

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def log_in(client, email, password=PASSWORD, **kwargs):
    return client.post(LOGIN, {"login": email, "password": password}, **kwargs)


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.THERAPIST, "/workspace/"),
        (Role.CLINIC_ADMIN, "/workspace/"),
        (Role.EDITOR, "/cms/"),
        (Role.PATIENT, "/portal/"),
    ],
)
def test_each_role_lands_at_its_door(client, clinic, role, address):
    user = make_user(clinic, "Someone", role)
    assert log_in(client, user.email.upper()).url == address


def test_wrong_password_and_unknown_address_are_answered_alike(client, priya):
    wrong = log_in(client, priya.email, "nope-nope-nope")
    unknown = log_in(client, "nobody@riverside.test", "nope-nope-nope")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_logins_are_limited(client, priya):
    for _ in range(6):
        log_in(client, priya.email, "nope-nope-nope")
    assert "/account/" not in log_in(client, priya.email).headers.get("Location", "")
    assert not client.session.get("_auth_user_id")


def rows_of_the_cache():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM footing_cache")
        return cursor.fetchone()[0]


def test_a_thousand_others_do_not_clear_a_login_limit(client, priya):
    for _ in range(6):
        log_in(client, priya.email, "nope-nope-nope")
    for number in range(1_200):
        cache.set(f"another-address-{number}", [1.0], 600)
    assert rows_of_the_cache() > 1_200
    log_in(client, priya.email)
    assert not client.session.get("_auth_user_id")


def test_an_entry_is_added_once_until_it_expires(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert cache.add("try", 1, 600)
    assert not cache.add("try", 2, 600)
    assert cache.get("try") == 1
    cache.set("try", 3, -1)
    assert cache.get("try") is None
    cache.set("try", 3, -1)
    assert cache.add("try", 4, None)
    assert cache.get("try") == 4
    assert cache.touch("try", 600)


def test_what_has_expired_goes_when_there_is_much_of_it(db):
    for number in range(1_200):
        cache.set(f"long-ago-{number}", [1.0], -60)
    assert rows_of_the_cache() < 1_100


def test_there_is_no_public_sign_up(client):
    page = client.get(reverse("account_signup"))
    assert b"by invitation" in page.content
    client.post(reverse("account_signup"), {"email": "x@x.test", "password1": PASSWORD})
    assert not User.objects.filter(email="x@x.test").exists()


def test_password_reset_by_mail(client, priya):
    client.post(reverse("account_reset_password"), {"email": priya.email})
    (sent,) = mail.outbox
    link = next(word for word in sent.body.split() if "/account/password/reset/key/" in word)
    path = link[link.index("/account") :]
    page = client.get(path, follow=True)
    changed = client.post(
        page.redirect_chain[-1][0], {"password1": "paper-and-stone", "password2": "paper-and-stone"}
    )
    assert changed.status_code == 302
    assert log_in(client, priya.email, "paper-and-stone").status_code == 302


def test_password_reset_does_not_tell_whether_an_account_exists(client, priya):
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in (priya.email, "nobody@riverside.test")
    ]
    assert answers[0].url == answers[1].url


def test_an_email_change_waits_for_the_new_address(client, ana):
    client.force_login(ana.user)
    prove(client).post(
        reverse("account_email"), {"email": "new@patients.test", "action_add": ""}, follow=True
    )
    ana.user.refresh_from_db()
    assert ana.user.email == "ana@patients.test"
    assert mail.outbox[0].to == ["new@patients.test"]


@pytest.mark.parametrize("path", ["/cms/login/", "/cms/password_reset/"])
def test_wagtails_own_login_leads_to_ours(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/account/")
    client.post(path, {"username": "x", "password": "y"})
    assert "_auth_user_id" not in client.session


def test_a_patient_never_enters_wagtails_admin(ana):
    user = ana.user
    user.groups.set(Group.objects.all())
    assert not User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
    client = client_of(user)
    for path in ("/cms/", "/cms/pages/", "/cms/snippets/", "/cms/account/", "/cms/images/"):
        assert client.get(path).status_code == 404, path


def test_a_therapist_cannot_take_another_name_in_wagtail(priya):
    client = client_of(priya)
    assert client.get("/cms/account/").status_code == 404
    client.post("/cms/account/", {"name_email-first_name": "Colm"})
    priya.refresh_from_db()
    assert priya.first_name == "Priya"


def test_staff_without_a_part_in_writing_do_not_either(ruth):
    assert client_of(ruth).get("/cms/").status_code == 404


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.EDITOR])
def test_writers_enter_wagtails_admin(clinic, role):
    assert client_of(make_user(clinic, "Writer", role)).get("/cms/").status_code == 200


def test_demo_accounts_work_only_in_demo_mode(client, clinic, settings):
    make_user(clinic, "Demo", Role.THERAPIST, DEMO_DOMAIN)
    assert log_in(client, f"demo@{DEMO_DOMAIN}").status_code == 200
    assert b"Demo clinic" not in client.get(LOGIN).content
    settings.DEMO = True
    assert b"Demo clinic" in client.get(LOGIN).content
    assert log_in(client, f"demo@{DEMO_DOMAIN}").status_code == 302


def test_a_logged_in_demo_account_is_out_when_demo_mode_ends(clinic, settings):
    settings.DEMO = True
    client = client_of(make_user(clinic, "Demo", Role.THERAPIST, DEMO_DOMAIN))
    assert client.get("/workspace/").status_code == 200
    settings.DEMO = False
    assert client.get("/workspace/").status_code == 302


@pytest.mark.parametrize(("role", "seconds"), [(Role.THERAPIST, 1800), (Role.PATIENT, 1209600)])
def test_sessions_end_by_role(client, clinic, role, seconds):
    log_in(client, make_user(clinic, "Someone", role).email)
    client.get("/account/home/")
    assert client.session.get_expiry_age() == pytest.approx(seconds, abs=5)


def test_a_session_is_not_written_on_every_request(as_priya, django_assert_num_queries):
    as_priya.get("/account/home/")
    with django_assert_num_queries(2 + OF_THE_WALL):  # the session and the user
        as_priya.get("/account/home/")


def test_a_patients_login_is_never_staff(ana):
    for change in ({"is_superuser": True}, {"is_staff": True}):
        with pytest.raises(IntegrityError, match="never_staff"), transaction.atomic():
            User.objects.filter(pk=ana.user_id).update(**change)


@pytest.mark.parametrize("change", [{"role": ""}, {"clinic": None}])
def test_a_therapist_needs_role_and_clinic(priya, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=priya.pk).update(**change)


def test_addresses_are_unique_whatever_their_case(clinic, priya):
    with pytest.raises(ValidationError):
        create_user(
            email="PRIYA@riverside.test",
            first_name="P",
            last_name="N",
            role=Role.THERAPIST,
            clinic=clinic,
        )


def test_a_clinic_needs_a_real_time_zone():
    with pytest.raises(ValidationError, match="time zone"):
        create_clinic(name="X", time_zone="Moon/Base", phone="1")


def test_an_editor_may_write_and_nothing_else():
    assert permissions_of(Role.EDITOR) == [Permission.WRITE_CONTENT]
    assert permissions_of("") == []


def test_the_commands_make_a_clinic_and_its_first_login(capsys):
    call_command("create_clinic", "Riverside", "--time-zone", "Europe/Paris", "--phone", "555-0134")
    clinic_id = capsys.readouterr().out.split()[-1]
    call_command(
        "create_account", "p@r.test", "--first-name", "P", "--last-name", "N",
        "--role", "therapist", "--clinic", clinic_id,
    )  # fmt: skip
    user = User.objects.get(email="p@r.test")
    assert user.clinic.name == "Riverside"
    assert not user.has_usable_password()
    with pytest.raises(CommandError, match="exists"):
        call_command(
            "create_account", "p@r.test", "--first-name", "P", "--last-name", "N",
            "--role", "therapist", "--clinic", clinic_id,
        )  # fmt: skip


# Sessions end with what they were begun as


def is_logged_in(client):
    return client.get("/account/home/").url.startswith(("/workspace/", "/portal/", "/cms/"))


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ({"is_active": False}, {"is_active": True}),
        ({"role": Role.EDITOR}, {"role": Role.THERAPIST}),
    ],
)
@pytest.mark.parametrize("how", ["saved", "updated"])
def test_an_account_that_was_changed_and_changed_back_is_logged_out(
    as_priya, priya, change, back, how
):
    assert is_logged_in(as_priya)
    for fields in (change, back):
        if how == "updated":
            User.objects.filter(pk=priya.pk).update(**fields)
        else:
            for name, value in fields.items():
                setattr(priya, name, value)
            priya.save()  # with the count that it was loaded with
    assert not is_logged_in(as_priya)
    assert is_logged_in(client_of(User.objects.get(pk=priya.pk)))


def test_another_clinic_is_another_role(as_priya, priya):
    priya.clinic = make_clinic("Elsewhere")
    priya.save()
    assert not is_logged_in(as_priya)


def test_other_changes_of_an_account_end_no_session(as_priya, priya):
    priya.last_name, priya.credentials = "Nair", "PT"
    priya.save()
    assert is_logged_in(as_priya)


def test_a_session_of_an_older_secret_goes_on(as_priya, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-for-tests"
    assert is_logged_in(as_priya)
