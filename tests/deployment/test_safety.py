"""A portal for real people does not start on settings for trials."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from inm_portal.settings import safety

KEY = "Gd9-qT2vXw7_KzLm4RbYc8NpHs3JfUe6AoQi1VtDx5WgZk0MhBn"
POSTGRESQL = {"ENGINE": "django.db.backends.postgresql"}
GOOD = {
    "DEBUG": False,
    "DEMO": False,
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": [],
    "ENCRYPTION_KEY": KEY.swapcase(),
    "ENCRYPTION_KEY_FALLBACKS": [],
    "METRICS_TOKEN": "",
    "PORTAL_URL": "https://portal.test",
    "ALLOWED_HOSTS": ["portal.test"],
    "CSRF_TRUSTED_ORIGINS": [],
    "DATABASES": {"default": POSTGRESQL | {"USER": "portal_web"}},
    "MIGRATE_DATABASE": POSTGRESQL | {"USER": "portal_owner"},
    "CELERY_BROKER_URL": "redis://broker:6379/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "BOUNCE_PROVIDER": "",
    "ANYMAIL": {"WEBHOOK_SECRET": ""},
    "DEFAULT_FROM_EMAIL": "Portal <portal@portal.test>",
    "SCANNER": "clamd://scanner:3310",
    "INSTITUTIONS": [],
}
MIT = {
    "slug": "mit",
    "issuer": "https://login.mit.test",
    "client_id": "portal",
    "client_secret": "hunter2",
    "domains": ["mit.test"],
}
BOUNCES = {"BOUNCE_PROVIDER": "postmark"}
SQLITE = {"ENGINE": "django.db.backends.sqlite3"}


def test_real_settings_pass():
    safety.refuse(GOOD)


def test_a_random_secret_for_bounces_passes():
    safety.refuse(GOOD | BOUNCES | {"ANYMAIL": {"WEBHOOK_SECRET": f"name:{KEY}"}})


def test_a_process_that_never_migrates_needs_no_owner():
    safety.refuse(GOOD | {"MIGRATE_DATABASE": {}})


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"DEMO": True}, "DEMO is set"),
        ({"DEBUG": True}, "DEBUG is set"),
        ({"SECRET_KEY": "development-only-never-in-production"}, "SECRET_KEY must"),
        ({"SECRET_KEY": KEY[:49]}, "SECRET_KEY must"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY must"),
        ({"SECRET_KEY_FALLBACKS": [KEY, "tests-only"]}, "SECRET_KEY_FALLBACKS holds"),
        ({"ENCRYPTION_KEY": "ab" * 40}, "ENCRYPTION_KEY must"),
        ({"ENCRYPTION_KEY": KEY}, "ENCRYPTION_KEY must be another"),
        ({"ENCRYPTION_KEY_FALLBACKS": ["tests-only"]}, "ENCRYPTION_KEY_FALLBACKS"),
        ({"METRICS_TOKEN": "metrics"}, "METRICS_TOKEN must"),
        ({"PORTAL_URL": "http://portal.test"}, "PORTAL_URL must"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS must"),
        ({"ALLOWED_HOSTS": ["portal.test", "*"]}, "ALLOWED_HOSTS must"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.test"]}, "CSRF_TRUSTED_ORIGINS must"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://a.test"]}, "CSRF_TRUSTED_ORIGINS must"),
        ({"DATABASES": {"default": SQLITE}}, "DATABASE_URL must be"),
        ({"MIGRATE_DATABASE": SQLITE}, "MIGRATE_DATABASE_URL must be"),
        ({"MIGRATE_DATABASE": POSTGRESQL | {"USER": "portal_web"}}, "must not use"),
        ({"CELERY_BROKER_URL": "memory://"}, "REDIS_URL must"),
        (
            {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"},
            "EMAIL_URL must",
        ),
        ({"BOUNCE_PROVIDER": "postmark"}, "BOUNCE_SECRET must"),
        (BOUNCES | {"ANYMAIL": {"WEBHOOK_SECRET": "a:b"}}, "BOUNCE_SECRET must"),
        (BOUNCES | {"ANYMAIL": {"WEBHOOK_SECRET": KEY}}, "BOUNCE_SECRET must"),
        ({"SCANNER": ""}, "SCANNER must"),
        ({"DEFAULT_FROM_EMAIL": "INM <portal@inm.example>"}, "DEFAULT_FROM_EMAIL must"),
    ],
)
def test_settings_for_trials_are_refused(fault, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        safety.refuse(GOOD | fault)


def test_a_real_institution_passes():
    safety.refuse(GOOD | {"INSTITUTIONS": [MIT]})


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"slug": "m/it"}, "OIDC_PROVIDERS must"),
        ({"issuer": "http://login.mit.test"}, "OIDC_MIT_ISSUER must begin"),
        ({"issuer": ""}, "OIDC_MIT_ISSUER must begin"),
        ({"issuer": "https://login.test/common/v2.0"}, "must be that of one tenant"),
        ({"client_id": ""}, "OIDC_MIT_CLIENT_ID and"),
        ({"client_secret": ""}, "OIDC_MIT_CLIENT_SECRET must"),
        ({"domains": ["*.mit.test"]}, "OIDC_MIT_DOMAINS must"),
        ({"domains": ["edu"]}, "OIDC_MIT_DOMAINS must"),
    ],
)
def test_an_institution_that_is_not_safe_is_refused(fault, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence) as refusal:
        safety.refuse(GOOD | {"INSTITUTIONS": [MIT | fault]})

    assert "hunter2" not in str(refusal.value)


def test_every_fault_is_named_at_once():
    with pytest.raises(ImproperlyConfigured, match=r"DEMO is set.*DEBUG is set"):
        safety.refuse(GOOD | {"DEMO": True, "DEBUG": True})


def test_a_refusal_repeats_no_secret():
    with pytest.raises(ImproperlyConfigured) as refusal:
        safety.refuse(GOOD | {"SECRET_KEY": "hunter2"})

    assert "hunter2" not in str(refusal.value)
