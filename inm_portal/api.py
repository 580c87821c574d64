"""The routes of the API, of all apps."""

from rest_framework.routers import SimpleRouter

from consortium.api import views as consortium
from inm_portal.accounts.api import SignInViewSet, TokenViewSet
from inm_portal.home.access_requests import AccessRequestViewSet
from inm_portal.home.documents import DocumentViewSet
from inm_portal.home.jobs import JobViewSet
from inm_portal.home.journal import JournalEntryViewSet

router = SimpleRouter()
router.register("organizations", consortium.OrganizationViewSet)
router.register("contacts", consortium.ContactViewSet)
router.register("role-assignments", consortium.RoleAssignmentViewSet)
router.register("agreements", consortium.AgreementViewSet)
router.register("commitment-years", consortium.CommitmentYearViewSet)
router.register("tokens", TokenViewSet)
router.register("sign-ins", SignInViewSet, basename="sign-in")
router.register("documents", DocumentViewSet)
router.register("jobs", JobViewSet)
router.register("journal", JournalEntryViewSet, basename="journal")
router.register("access-requests", AccessRequestViewSet)
