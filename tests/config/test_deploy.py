"""The files in deploy/ say what the code says: its settings, limits, addresses and commands."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.db import connection
from django.urls import get_resolver

from config.body_limit import LARGER, LARGEST
from config.logs import KEYS
from config.metrics import NO_VIEW
from tests.config.test_environment import required, table

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
MEGABYTE = 1024 * 1024
# What others than Footing read, each said in deploy/README.md.
OF_OTHERS = {
    "FOOTING_UPSTREAM",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD",
    "FOOTING_OWNER_PASSWORD",
    "FOOTING_WEB_PASSWORD",
    "FOOTING_WORKER_PASSWORD",
}
OF_PYTHON = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "ProtectProc": "invisible",
    "ProtectKernelLogs": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
    "User": "footing",
}
SECRET = "aB3-xY9_kLmN0pQr"


def read(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


def compose():
    return yaml.safe_load(read("compose.yaml"))


# Settings


def told_in_files():
    """Every name that a file of the kit gives a value, or asks for, by file."""
    found = {}
    for path in (DEPLOY / "env").glob("*.env"):
        found[path.name] = set(re.findall(r"^(\w+)=", path.read_text("utf-8"), re.M))
    for name, service in compose()["services"].items():
        found[name] = set(service.get("environment", {}))
    found["compose"] = set(re.findall(r"\$\{(\w+)", read("compose.yaml")))
    found["Caddyfile"] = set(re.findall(r"\{\$(\w+)", read("caddy/Caddyfile")))
    container = read("Containerfile").replace("\\\n", " ")
    lines = re.findall(r"^(?:ENV|RUN) (.*)$", container, re.M)
    found["Containerfile"] = set(re.findall(r"(?<![\w.])([A-Z][A-Z_]+)=", " ".join(lines)))
    return found


def test_every_name_in_the_kit_is_a_documented_setting():
    for file, names in told_in_files().items():
        assert names, file
        assert names <= set(table()) | OF_OTHERS | OF_PYTHON, file
    guide = read("README.md")
    assert [name for name in OF_OTHERS if f"`{name}`" not in guide] == []


@pytest.mark.parametrize("service", ["prepare", "web", "worker"])
def test_each_service_is_told_all_that_is_required(service):
    environment = compose()["services"][service]["environment"]
    assert set(required()) <= set(environment)
    assert environment["BEHIND_PROXY"] == "1"


def test_the_machines_files_together_tell_all_that_is_required():
    found = told_in_files()
    for role in ("web", "worker", "owner"):
        assert set(required()) <= found["footing.env"] | found[f"{role}.env"]
        assert f"//footing_{role}@" in read(f"env/{role}.env")


def test_each_process_has_its_own_role_in_the_database():
    services = compose()["services"]
    roles = {
        name: re.search(r"//(\w+):", services[name]["environment"]["DATABASE_URL"]).group(1)
        for name in ("prepare", "web", "worker")
    }
    assert roles == {"prepare": "footing_owner", "web": "footing_web", "worker": "footing_worker"}
    for unit, role in (("web", "web"), ("worker", "worker"), ("backup", "owner")):
        told = re.findall(r"^EnvironmentFile=(.*)$", read(f"systemd/footing-{unit}.service"), re.M)
        assert told == ["/etc/footing/footing.env", f"/etc/footing/{role}.env"]


# Containers


def instructions():
    joined = re.sub(r"\\\n\s*", "", read("Containerfile"))
    return [line.split(" ", 1) for line in joined.splitlines() if re.match(r"[A-Z]+ ", line)]


def test_the_image_is_pinned_runs_as_nobody_in_particular_and_says_how_it_is():
    given = instructions()
    bases = [words for name, words in given if name == "FROM"]
    assert bases
    assert all(re.search(r":\d+\.\d+\.\d+-slim-\w+( AS build)?$", base) for base in bases)
    names = [name for name, _ in given]
    assert dict(given)["USER"] == "10001:10001"
    assert names.index("USER") > max(at for at, name in enumerate(names) if name == "RUN")
    assert "/healthz" in dict(given)["HEALTHCHECK"]
    assert "requirements-dev" not in read("Containerfile")


def test_no_secret_gets_into_the_image():
    """Neither from a line of the file nor from what lies in a checkout."""
    kept = " ".join(words for name, words in instructions() if name in {"ENV", "ARG", "LABEL"})
    assert not re.search(r"SECRET|PASSWORD|DATABASE_URL|EMAIL_URL|_KEY|TOKEN|DSN", kept)
    [run] = [words for name, words in instructions() if name == "RUN" and "SECRET_KEY" in words]
    assert "secrets.token_urlsafe" in run
    taken = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert taken[1] == "*"
    named = {line[1:] for line in taken if line.startswith("!")}
    assert all((ROOT / name).exists() for name in named)
    assert not named & {"var", "tests", "docs", "staticfiles", ".git", ".venv"}
    apps = {"accounts", "cms", "config", "fhir", "patients", "programs", "portal", "workspace"}
    assert apps | {"static", "templates", "locale", "manage.py"} <= named


def commands():
    """Each command of Footing that the kit starts."""
    for path in UNITS:
        yield re.search(r"^ExecStart=(.*)$", path.read_text("utf-8"), re.M).group(1)
    for service in compose()["services"].values():
        if service.get("image") == "footing" and "command" in service:
            yield " ".join(service["command"])
    yield from re.findall(r"^\"\$python\" (.*?)(?: +#.*)?$", read("prepare"), re.M)


def test_every_command_that_is_started_is_there():
    asked = {name for line in commands() for name in re.findall(r"manage\.py (\w+)", line)}
    assert asked <= set(get_commands())
    assert {"work", "migrate", "createcachetable"} <= asked
    told = (ROOT / "docs/operating.md").read_text("utf-8")
    served = [line for line in [*commands(), dict(instructions())["CMD"]] if "gunicorn" in line]
    assert len(served) == 2
    for line in [*served, told]:
        assert "--config python:config.gunicorn" in line.replace('", "', " ")


def test_containers_have_no_more_rights_than_they_need():
    services = compose()["services"]
    for name in ("prepare", "web", "worker"):
        service = services[name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "ports" not in service
    assert "ports" not in services["db"]
    assert services["db"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"]["internal"]
    for service in services.values():
        assert re.search(r":\d+\.\d+(\.\d+)?-\w+$", service["image"]) or "build" in service
    # Caddy gives out pictures, and never what patients sent.
    assert not [one for one in services["caddy"]["volumes"] if "private" in one]


# systemd

# What systemd.unit, .service, .exec and .timer name so; whatever else stands there does nothing.
DIRECTIVES = {
    "Install": "WantedBy",
    "Service": (
        "AmbientCapabilities CapabilityBoundingSet EnvironmentFile ExecReload ExecStart "
        "Group IOSchedulingClass KillMode LockPersonality Nice NoNewPrivileges "
        "PrivateDevices PrivateTmp PrivateUsers ProtectClock ProtectControlGroups "
        "ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules "
        "ProtectKernelTunables ProtectProc ProtectSystem ReadWritePaths RemoveIPC Restart "
        "RestartSec RestrictAddressFamilies RestrictNamespaces RestrictRealtime "
        "RestrictSUIDSGID SystemCallArchitectures SystemCallErrorNumber SystemCallFilter "
        "TimeoutStopSec Type UMask User WorkingDirectory"
    ),
    "Timer": "OnCalendar Persistent RandomizedDelaySec",
    "Unit": "After Description StartLimitIntervalSec Wants",
}


def options(path):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text("utf-8"))
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_units_are_hardened(path):
    service = options(path)["Service"]
    assert HARDENED.items() <= dict(service).items()
    assert service["ReadWritePaths"].startswith("/srv/footing/media /srv/footing/private ")


def test_what_was_killed_is_started_again():
    for name in ("web", "worker"):
        unit = options(DEPLOY / f"systemd/footing-{name}.service")
        assert unit["Service"]["Restart"] == "always"
        assert unit["Unit"]["StartLimitIntervalSec"] == "0"


def test_a_backup_is_made_each_night():
    timer = options(DEPLOY / "systemd/footing-backup.timer")["Timer"]
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*-*-* 02:10:00", "true")
    unit = options(DEPLOY / "systemd/footing-backup.service")["Service"]
    assert unit["ExecStart"].endswith("/python manage.py back_up")


def test_systemd_knows_each_directive(tmp_path):
    """One that is misspelled would be passed over with a line in the log. Where a machine has
    systemd, it is asked, too.
    """
    for path in (DEPLOY / "systemd").iterdir():
        for section in options(path).values():
            unknown = set(section) - set(DIRECTIVES.get(section.name, "").split())
            assert not unknown, (path.name, section.name)
    if shutil.which("systemd-analyze"):
        systemd_takes_them(tmp_path)


def systemd_takes_them(tmp_path):
    """With programs that are there in the place of those that will be."""
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text("utf-8").replace("/srv/footing/.venv/bin/python", sys.executable)
        text = re.sub(r"/srv/footing/\.venv/bin/\w+", sys.executable, text)
        (tmp_path / path.name).write_text(re.sub("^(User|Group)=.*$", r"\1=root", text, flags=re.M))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "footing" in line]
    assert (done.returncode, ours) == (0, [])


# nginx and Caddy


def example(address):
    """A path that a pattern of LARGER takes."""
    return address.pattern.replace("[^/]+", "7d9c5f6e") + "new/"


def nginx_limit(path):
    """Bytes, as nginx finds them: a regular expression wins over the beginning of a path."""
    text = read("nginx/footing.conf")
    blocks = re.findall(r"location (~ )?(\S+) \{(.*?)\n    \}", text, re.S)
    takes = [
        (bool(is_regex), body)
        for is_regex, where, body in blocks
        if (re.match(where, path) if is_regex else path.startswith(where))
    ]
    body = sorted(takes, key=lambda one: one[0])[-1][1]
    own = re.search(r"client_max_body_size (\d+)m;", body)
    general = re.search(r"^    client_max_body_size (\d+)m;", text, re.M)
    return int((own or general).group(1)) * MEGABYTE


def caddy_limit(path):
    text = read("caddy/Caddyfile")
    limits = dict(re.findall(r"request_body @(\w+) \{\s*max_size (\d+)MiB", text))
    [pictures] = re.findall(r"@pictures path_regexp (\S+)", text)
    [pages] = re.findall(r"@pages path (\S+)\*", text)
    [others] = re.findall(r"\t@others \{\n(.*?)\n\t\}", text, re.S)
    assert {f"not path_regexp {pictures}", f"not path {pages}*"} == {
        line.strip() for line in others.strip().splitlines()
    }
    name = "pictures" if re.match(pictures, path) else "pages" if path.startswith(pages) else None
    return int(limits[name or "others"]) * MEGABYTE


@pytest.mark.parametrize("limit", [nginx_limit, caddy_limit])
def test_web_servers_take_as_much_as_footing_does(limit):
    for address, _, most in LARGER:
        assert limit(example(address)) == most
    for path in (
        "/",
        "/account/login/",
        "/portal/me/",
        "/workspace/patients/7d9c5f6e/",
        "/search/",
    ):
        assert limit(path) == LARGEST


def nginx_writes(uri):
    [(pattern, written)] = re.findall(r"^    ~(\S+) (\$door…);", read("nginx/footing.conf"), re.M)
    path = uri.partition("?")[0]  # $uri is without
    found = re.match(pattern.replace("(?<", "(?P<"), path)
    return written.replace("$door", found["door"]) if found else path


def caddy_writes(uri):
    [(pattern, written)] = re.findall(r'request>uri regexp "(.*)" "(.*)"', read("caddy/Caddyfile"))
    assert written == "$1$2"
    return re.sub(pattern, lambda found: (found[1] or "") + (found[2] or ""), uri)


@pytest.mark.parametrize("writes", [nginx_writes, caddy_writes])
def test_logs_of_web_servers_hold_no_key_and_no_name(writes):
    for key in KEYS:
        assert SECRET not in writes(f"/{key}/{SECRET}/more/?x={SECRET}")
        assert writes(f"/{key}/{SECRET}/").startswith(f"/{key}/")
    assert writes("/workspace/patients/?q=Ana") == "/workspace/patients/"
    assert writes("/portal/") == "/portal/"


def test_every_address_that_is_a_key_is_in_the_list():
    """What takes a token or a key is one; by its name in the list of addresses."""

    def walk(patterns, before=""):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    keys = [
        route
        for route in walk(get_resolver().url_patterns)
        if re.search(r"<\w+:token>|<key>|<\w+:key>|uidb36", route)
    ]
    assert len(keys) >= 6
    left = [route for route in keys if not route.replace("^", "").startswith(tuple(KEYS))]
    assert left == ["helpful/<uuid:key>/"]  # a page's, the same for all its readers


def test_web_servers_write_addresses_in_no_other_log():
    nginx = read("nginx/footing.conf")
    assert re.search(r"^error_log \S+ crit;", nginx, re.M)
    assert set(re.findall(r"access_log ([^;]+);", nginx)) == {
        "off", "/var/log/nginx/footing.log footing",
    }  # fmt: skip
    [written] = re.findall(r"log_format footing '(.*)';", nginx)
    for told in ("$request ", "$request_uri", "$args", "$http_referer", "$http_user_agent"):
        assert told not in f"{written} "
    caddy = read("caddy/Caddyfile")
    assert caddy.count("import discreet") == 2  # of the site, and Caddy's own
    for left_out in ("request>headers delete", "resp_headers delete"):
        assert left_out in caddy


@pytest.mark.parametrize("name", ["nginx/footing.conf", "caddy/Caddyfile"])
def test_web_servers_give_out_pictures_and_no_documents(name):
    text = read(name)
    assert "/media/documents/" in text
    assert "private" not in text
    assert "readyz" in text
    assert "metrics" in text
    assert text.count("default-src 'none'; sandbox") == 1
    assert "nosniff" in text


def test_the_visitors_address_is_overwritten():
    nginx = read("nginx/footing.conf")
    assert "X-Forwarded-For $remote_addr;" in nginx
    assert "X-Forwarded-Proto $scheme;" in nginx
    assert "proxy_add_x_forwarded_for" not in nginx
    assert "trusted_proxies" not in read("caddy/Caddyfile")  # then Caddy overwrites, too


# PostgreSQL and others


@pytest.mark.django_db
def test_postgresql_knows_what_it_is_told_and_writes_no_statement():
    told = dict(re.findall(r"^(\w+) = '?([^'\n]*?)'?$", read("postgresql/postgresql.conf"), re.M))
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(name) FROM pg_settings")
        known = {name for (name,) in cursor.fetchall()} | {"shared_preload_libraries"}  # hidden
    assert set(told) <= known
    assert told["log_min_error_statement"] == "panic"
    assert told["log_min_duration_statement"] == "-1"
    assert told["log_error_verbosity"] == "terse"
    assert told["timezone"] == "UTC"


def test_pgbouncer_and_valkey_keep_what_footing_relies_on():
    pooler = read("pgbouncer/pgbouncer.ini")
    assert "pool_mode = transaction" in pooler
    assert "server_reset_query_always = 1" in pooler
    assert "maxmemory-policy noeviction" in read("valkey/valkey.conf")


def test_prometheus_asks_for_what_is_told():
    told = {
        "footing_ready", "footing_requests_total", "footing_request_seconds_bucket",
        "footing_oldest_mail_seconds",
    }  # fmt: skip
    asked = set()
    for group in yaml.safe_load(read("prometheus/alerts.yml"))["groups"]:
        for rule in group["rules"]:
            asked |= set(re.findall(r"footing_\w+", rule["expr"]))
    assert asked == told
    [job] = yaml.safe_load(read("prometheus/footing.yml"))["scrape_configs"]
    assert job["metrics_path"] == "/metrics"
    assert NO_VIEW == "-"
