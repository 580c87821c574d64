"""Production settings as a process gets them: from the environment and from files."""

import json
import os
import subprocess
import sys

import pytest

from . import variables
from .test_safety import KEY

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "inm_portal.settings.production",
    "PORTAL_URL": "https://portal.test",
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://portal_web:w@db.test/portal",
    "MIGRATE_DATABASE_URL": "postgresql://portal_owner:o@db.test/portal",
    "REDIS_URL": "redis://broker.test:6379/0",
    "CACHE_URL": "redis://cache.test:6379/0",
    "EMAIL_URL": "smtp+tls://portal:m@mail.test:587",
    "DEFAULT_FROM_EMAIL": "INM <portal@portal.test>",
    "TRUSTED_PROXIES": "1",
    "SCANNER": "clamd://scanner.test:3310",
}

SHOWN = """
import json
from django.conf import settings as s
print(json.dumps({name: getattr(s, name) for name in dir(s) if name in %s}))
"""


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=variables.ROOT,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """What production makes of an environment whose signing key is in a file."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "key").write_text(KEY[::-1] + "\n")
    (folder / "old").write_text(KEY + "\n")
    names = [
        *[
            "SECRET_KEY",
            "SECRET_KEY_FALLBACKS",
            "ALLOWED_HOSTS",
            "CACHES",
            "EMAIL_HOST",
        ],
        *["EMAIL_USE_TLS", "SECURE_PROXY_SSL_HEADER", "SESSION_COOKIE_NAME"],
        *["SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_DOMAIN"],
        *["SESSION_COOKIE_PATH", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE"],
        *["CSRF_COOKIE_DOMAIN", "CSRF_COOKIE_PATH", "SESSION_COOKIE_SAMESITE"],
    ]
    done = python(
        "-c",
        SHOWN % names,
        SECRET_KEY_FILE=str(folder / "key"),
        SECRET_KEY_FALLBACKS_FILE=str(folder / "old"),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_secret_comes_from_its_file_without_the_line_break(settings):
    assert settings["SECRET_KEY"] == KEY[::-1]


def test_an_old_key_still_verifies_what_it_signed(settings):
    assert settings["SECRET_KEY_FALLBACKS"] == [KEY]


def test_cookies_belong_to_this_host_alone(settings):
    for cookie in ["SESSION_COOKIE", "CSRF_COOKIE"]:
        assert settings[f"{cookie}_NAME"].startswith("__Host-")
        assert settings[f"{cookie}_SECURE"] is True
        assert settings[f"{cookie}_PATH"] == "/"
        assert settings[f"{cookie}_DOMAIN"] is None
    assert settings["SESSION_COOKIE_HTTPONLY"] is True
    assert settings["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_only_the_host_of_the_portal_is_allowed(settings):
    assert settings["ALLOWED_HOSTS"] == ["portal.test"]


def test_mail_goes_to_the_server_of_the_address(settings):
    assert settings["EMAIL_HOST"] == "mail.test"
    assert settings["EMAIL_USE_TLS"] is True


def test_limits_stay_in_the_database_and_the_cache_holds_no_code(settings):
    caches = settings["CACHES"]

    assert caches["default"]["BACKEND"].endswith("DatabaseCache")
    assert caches["redis"]["OPTIONS"]["serializer"].endswith("JsonSerializer")


def test_a_process_that_never_migrates_starts_without_a_word():
    done = python(
        "-c", "import inm_portal.settings.production", MIGRATE_DATABASE_URL=""
    )

    assert done.returncode == 0
    assert done.stderr == ""


def test_institutions_come_from_the_environment_their_secrets_from_files(tmp_path):
    (tmp_path / "secret").write_text("hunter2\n")

    done = python(
        "-c",
        SHOWN % ["INSTITUTIONS"],
        OIDC_PROVIDERS="touchstone",
        OIDC_TOUCHSTONE_ISSUER="https://login.mit.test",
        OIDC_TOUCHSTONE_CLIENT_ID="portal",
        OIDC_TOUCHSTONE_CLIENT_SECRET_FILE=str(tmp_path / "secret"),
        OIDC_TOUCHSTONE_DOMAINS="mit.test,alum.mit.test",
    )

    (institution,) = json.loads(done.stdout)["INSTITUTIONS"]
    assert institution == {
        "slug": "touchstone",
        "label": "Touchstone",
        "issuer": "https://login.mit.test",
        "client_id": "portal",
        "client_secret": "hunter2",
        "domains": ["mit.test", "alum.mit.test"],
        "verified_claim": "email_verified",
        "second_factor": [],
    }


def test_it_does_not_start_in_demo_mode():
    done = python("-c", "from django.conf import settings; settings.DEBUG", DEMO="1")

    assert done.returncode == 1
    assert "DEMO is set" in done.stderr


def test_the_deployment_check_is_clean():
    done = python("-Wd", "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
