"""
What holds in every environment.

Each variable that is read here stands in ``.env.example`` and in the table of
``docs/deployment.md``; a test compares the three.
"""

from decimal import Decimal
from logging import DEBUG as ONLY_WHEN_DEBUGGING
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from . import sign_in
from .environment import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env.read_env(BASE_DIR / ".env")

DEBUG = False
DEMO = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "inm_portal.urls"
WSGI_APPLICATION = "inm_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "inm_portal.kernel",
    "inm_portal.accounts",
    "inm_portal.home",
    "consortium",
    "seed_projects",
    "events",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_filters",
    "django_htmx",
    "django_countries",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "inm_portal.kernel.middleware.MetricsMiddleware",
    "inm_portal.kernel.middleware.ContextMiddleware",
    "inm_portal.kernel.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "inm_portal.kernel.middleware.CharsetMiddleware",
    "inm_portal.kernel.middleware.SizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "inm_portal.accounts.middleware.SessionLimitsMiddleware",
    "inm_portal.accounts.middleware.SecondFactorMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "inm_portal.accounts.acting.ActForMiddleware",
    "inm_portal.accounts.view_as.ViewAsMiddleware",
    "inm_portal.accounts.naming.NamingMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# --- templates: partials outermost, or one of the two packages undoes the other
LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "inm_portal.home.context.portal",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "inm_portal.kernel.templatetags.portal",
                "inm_portal.kernel.templatetags.ui",
            ],
        },
    }
]

# --- database: the portal is one role, its tables belong to another
DATABASES: dict[str, dict] = {}
MIGRATE_DATABASE: dict = {}

# --- caches: limits live in the database, so that no broker is needed to sign in
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "redis": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# E-mail addresses are unique whatever their case, by a constraint that the check
# of Django does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# --- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "inm_portal.accounts.backends.SignInBackend",
    "inm_portal.kernel.backends.PolicyBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    *[
        {"NAME": "django.contrib.auth.password_validation." + name, "OPTIONS": options}
        for name, options in [
            ("MinimumLengthValidator", {"min_length": 15}),
            (
                "UserAttributeSimilarityValidator",
                {"user_attributes": ["email", "name"]},
            ),
            ("CommonPasswordValidator", {}),
        ]
    ],
    {"NAME": "inm_portal.accounts.passwords.PredictableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "inm_portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited at their address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail says whether an address is known
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # who changes a password is told
PASSWORD_RESET_TIMEOUT = 60 * 60
# allauth's own would keep a second list of addresses, which nobody looks after.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (
    "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # for what touches an account
ACCOUNT_RATE_LIMITS = {
    "code_here": "5/5m/key",  # of one person, from one address of the network
    "code_anywhere": "30/h/key",  # of one person, from all of them together
    "email_key": "20/m/ip",
    "manage_email": "5/h/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

# --- second factor: apps, passkeys, recovery codes
MFA_ADAPTER = "inm_portal.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a code that is typed slowly, or on a clock half a minute off
MFA_FORMS = {
    name: f"inm_portal.accounts.factor_forms.{form}"
    for name, form in [
        ("authenticate", "AuthenticateForm"),
        ("reauthenticate", "ReauthenticateForm"),
        ("authenticate_webauthn", "AuthenticatePasskeyForm"),
        ("reauthenticate_webauthn", "ReauthenticatePasskeyForm"),
        ("login_webauthn", "SignInPasskeyForm"),
        ("add_webauthn", "AddPasskeyForm"),
    ]
}

# --- institutions where people sign in
INSTITUTIONS = sign_in.institutions()
SOCIALACCOUNT_ADAPTER = "inm_portal.accounts.sso.adapter.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False

# --- sessions: who is signed in has narrower limits, see inm_portal.accounts.sessions
SESSION_ENGINE = "inm_portal.kernel.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "inm_portal.kernel.views.csrf_failure"

# --- what a browser may do with a page
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- words, dates, zones: due dates are dates in Boston
LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/New_York"
USE_I18N = False  # one language; walking two catalogs costs a tenth of each page
USE_TZ = True

# --- files that everybody may have
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "inm_portal.kernel.storage.DurableStorage"},
    "staticfiles": {"BACKEND": "inm_portal.kernel.storage.StaticStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    *["jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "woff", "woff2", "map"]
]

# --- files that only some may have: the front server may read them, nobody else
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_NUMBER_FILES = 10
MOST_UPLOADED = 30 * 1024 * 1024  # bytes of one request
FILES_FROM_FRONT = env("FILES_FROM_FRONT", default="")
SCANNER = env("SCANNER", default="")

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "inm_portal.accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["inm_portal.kernel.api.permissions.Permitted"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["inm_portal.kernel.api.parsers.PlainJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "inm_portal.kernel.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["inm_portal.kernel.api.filtering.FilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "inm_portal.kernel.api.schema.PortalSchema",
    "DEFAULT_THROTTLE_CLASSES": ["inm_portal.kernel.api.throttling.MinuteThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": 60, "user": 1200},  # a minute
    "EXCEPTION_HANDLER": "inm_portal.kernel.api.problems.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", 0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "INM Consortium Portal",
    "DESCRIPTION": "Everything that a page of the portal can do.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CountryEnum": "django_countries.countries",
        "PaperAudienceEnum": "consortium.models.PaperAudience",
        "BodyKindEnum": "consortium.models.BodyKind",
        "AgreementStateEnum": "consortium.states.AgreementState",
        "AmendmentStateEnum": "consortium.states.AmendmentState",
        "EntryKindEnum": "consortium.models.EntryKind",
        "MembershipStatusEnum": "consortium.states.MembershipStatus",
        "YearStatusEnum": "consortium.states.YearStatus",
        "CreditOutcomeEnum": "consortium.states.Outcome",
        "CreditCategoryEnum": "consortium.models.Category",
        "OpinionOfficeEnum": "consortium.models.Office",
        "ApprovingOfficeEnum": "consortium.models.ApprovingOffice",
        "InvoiceStateEnum": "consortium.states.InvoiceState",
        "InvoiceStandingEnum": "consortium.states.Standing",
        "ReminderReasonEnum": "inm_portal.kernel.models.ReminderReason",
        "InteractionKindEnum": "consortium.models.InteractionKind",
        "ProposalStateEnum": "seed_projects.states.ProposalState",
        "AuthorRoleEnum": "seed_projects.models.AuthorRole",
        "AuthorRightEnum": "seed_projects.models.AuthorRight",
        "CostRateKindEnum": "seed_projects.models.RateKind",
        "CostCategoryEnum": "seed_projects.models.CostCategory",
        "ProspectStageEnum": "consortium.states.Stage",
        "StageKindEnum": "seed_projects.models.StageKind",
        "CallDateKindEnum": "seed_projects.models.DateKind",
        "EligibilityRuleKindEnum": "seed_projects.models.RuleKind",
        "QuestionKindEnum": "seed_projects.models.QuestionKind",
        "LibraryKindEnum": "consortium.models.LibraryKind",
        "ProgramKindEnum": "consortium.models.ProgramKind",
        "ContactRoleEnum": "consortium.models.ContactRole",
        "ContributionKindEnum": "consortium.models.ContributionKind",
        "WaitsForEnum": "consortium.models.WaitsFor",
        "WriteOffKindEnum": "consortium.models.WriteOffKind",
        "CreditNoteStateEnum": "consortium.states.CreditNoteState",
        "MessageStateEnum": "inm_portal.kernel.models.MessageState",
        "InvitationStateEnum": "inm_portal.accounts.models.InvitationState",
        "ActStateEnum": "consortium.states.ActState",
        "ReceiptMethodEnum": "consortium.models.ReceiptMethod",
        "ValuationMethodEnum": "consortium.models.Method",
        "CustomerAnswerEnum": "consortium.models.AnswerKind",
        "DisputeOutcomeEnum": "consortium.models.ResolutionKind",
        "DisputeStandingEnum": "consortium.states.DisputeStanding",
        "PromiseStandingEnum": "consortium.states.PromiseStanding",
        "OrderStandingEnum": "consortium.states.OrderStanding",
        "AdviceStandingEnum": "consortium.states.AdviceStanding",
        "PostingKindEnum": "consortium.models.PostingKind",
        "CallStateEnum": "seed_projects.states.CallState",
        "ScreeningCheckKindEnum": "seed_projects.models.CheckKind",
        "ScreeningMoveKindEnum": "seed_projects.models.MoveKind",
        "CallLetterStateEnum": "seed_projects.states.LetterState",
        "LetterAudienceEnum": "seed_projects.models.Audience",
        "LibraryAudienceEnum": "consortium.models.Audience",
        "ReturnGroundEnum": "seed_projects.models.Ground",
    },
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105 - the name of a model
MIGRATION_MODULES = {"knox": None}  # its own table would stand empty beside ours
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_MODEL": "accounts.ApiToken",
    "TOKEN_TTL": None,
}

# --- Celery: a message is a wake-up; the work that is due stands in the database
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,  # a page that leaves work behind does not wait for a broker
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", 2)

#: Up to how much of an invoice one person may write off.
WRITE_OFF_TOLERANCE = Decimal(env("WRITE_OFF_TOLERANCE", default="50.00"))

#: How many days past the due date, or past today if later, a promise to pay may reach.
PROMISE_DAYS = env.int("PROMISE_DAYS", 90)
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {
        "task": "inm_portal.kernel.tasks.heartbeat",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    "seal-journal": {
        "task": "inm_portal.kernel.tasks.seal_journal",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    "send-outbox": {
        "task": "inm_portal.kernel.tasks.send_outbox",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    "run-jobs": {
        "task": "inm_portal.kernel.tasks.run_jobs",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    "clear-files": {
        "task": "inm_portal.kernel.tasks.clear_files",
        "schedule": crontab(hour="3", minute="40"),
    },
    "credit-opened-years": {
        "task": "consortium.tasks.credit_opened_years",
        "schedule": crontab(hour="0", minute="10"),
    },
    "carry-excess": {
        "task": "consortium.tasks.carry_excess",
        "schedule": crontab(hour="1", minute="10"),
    },
    "close-due-motions": {
        "task": "consortium.tasks.close_due_motions",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "tell-library-news": {
        "task": "consortium.tasks.tell_library_news",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "close-calls": {
        "task": "seed_projects.tasks.close_calls",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "tell-of-last-hours": {
        "task": "seed_projects.tasks.tell_of_last_hours",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "check-invariants": {
        "task": "inm_portal.kernel.tasks.check_invariants",
        "schedule": crontab(hour="2", minute="10"),
    },
    "end-viewings": {
        "task": "inm_portal.accounts.tasks.end_viewings",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    "sweep-reminders": {
        "task": "inm_portal.kernel.tasks.sweep_reminders",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    "clear-sessions": {
        "task": "inm_portal.kernel.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="20"),
    },
    "forget-inquiries": {
        "task": "consortium.tasks.forget_inquiries",
        "schedule": crontab(hour="3", minute="30"),
    },
    "forget-answers": {
        "task": "inm_portal.kernel.tasks.forget_answers",
        "schedule": crontab(hour="3", minute="25"),
    },
}

# --- logs: the id that the middleware made is the id of every line; a request has one
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = ONLY_WHEN_DEBUGGING

# --- what a monitoring system shows to read /metrics; without it there is no such page
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# --- mail; bounces are told by the mail service that is named, under its secret
BOUNCE_PROVIDER = env("BOUNCE_PROVIDER", default="")
ANYMAIL = {"WEBHOOK_SECRET": env("BOUNCE_SECRET", default="")}
DEFAULT_FROM_EMAIL = "INM Consortium <inm-portal@inm.example>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
