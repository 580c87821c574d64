"""Every address of the portal."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from inm_portal import api
from inm_portal.accounts.urls import account_patterns
from inm_portal.home import access_requests, documents, jobs, personal_data
from inm_portal.home import views as home
from inm_portal.home.journal import ExportJournal, JournalPage

# The API's browser, a page of its own, sets styles from script.
swagger = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(
    SpectacularSwaggerSplitView.as_view(url_name="api-schema")
)

handler404 = "inm_portal.kernel.views.not_found"
handler500 = "inm_portal.kernel.views.server_error"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("journal/", JournalPage.as_view(), name="journal"),
    path("journal/export/", ExportJournal.as_view(), name="export_journal"),
    path("jobs/", jobs.JobList.as_view(), name="jobs"),
    path("jobs/export/", jobs.ExportJobs.as_view(), name="export_jobs"),
    path("jobs/<int:pk>/", jobs.JobDetail.as_view(), name="job"),
    path("jobs/<int:pk>/progress/", jobs.JobProgress.as_view(), name="job_progress"),
    path("jobs/<int:pk>/cancel/", jobs.CancelJob.as_view(), name="cancel_job"),
    path("jobs/<int:pk>/retry/", jobs.RetryJob.as_view(), name="retry_job"),
    path(
        "documents/<int:pk>/supersede/",
        documents.SupersedeDocument.as_view(),
        name="supersede_document",
    ),
    path(
        "documents/<int:pk>/<str:name>", documents.Download.as_view(), name="document"
    ),
    path(
        "people/requests/",
        access_requests.AccessRequestPage.as_view(),
        name="access_requests",
    ),
    path(
        "people/requests/export/",
        access_requests.ExportAccessRequests.as_view(),
        name="export_access_requests",
    ),
    path(
        "people/requests/<int:pk>/welcome/",
        access_requests.WelcomeRequest.as_view(),
        name="welcome_request",
    ),
    path(
        "people/requests/<int:pk>/decline/",
        access_requests.DeclineRequest.as_view(),
        name="decline_request",
    ),
    path("account/data/", personal_data.OwnData.as_view(), name="own_data"),
    path(
        "people/<int:pk>/data/", personal_data.PersonData.as_view(), name="person_data"
    ),
    path(
        "people/<int:pk>/erase/",
        personal_data.ErasePerson.as_view(),
        name="erase_person",
    ),
    path(
        "people/<int:pk>/erase/confirm/",
        personal_data.ConfirmErasure.as_view(),
        name="confirm_erasure",
    ),
    path("theme/", home.set_theme, name="set_theme"),
    path("healthz", home.healthz, name="healthz"),
    path("readyz", home.readyz, name="readyz"),
    path("accounts/", include("inm_portal.accounts.urls")),
    path("account/", include((account_patterns, "accounts"))),
    path("consortium/", include("consortium.urls")),
    path("api/v1/", include(api.router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", swagger, name="api-docs"),
]
