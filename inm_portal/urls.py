"""Every address of the portal."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from inm_portal import api
from inm_portal.accounts.urls import account_patterns

# The API's browser, a page of its own, sets styles from script.
swagger = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(
    SpectacularSwaggerSplitView.as_view(url_name="api-schema")
)

handler404 = "inm_portal.kernel.views.not_found"
handler500 = "inm_portal.kernel.views.server_error"

urlpatterns = [
    path("", include("inm_portal.home.urls")),
    path("accounts/", include("inm_portal.accounts.urls")),
    path("account/", include((account_patterns, "accounts"))),
    path("consortium/", include("consortium.urls")),
    path("seed-projects/", include("seed_projects.urls")),
    path("api/v1/", include(api.urlpatterns)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", swagger, name="api-docs"),
]
