"""How somebody comes in by an invitation."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from allauth.account.forms import SetPasswordForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View
from rest_framework.request import Request

from consortium.models import Contact
from consortium.services import accept_invitation
from inm_portal.accounts import invitations
from inm_portal.accounts.models import Invitation, User, digest_of
from inm_portal.kernel.api.throttling import MinuteThrottle
from inm_portal.kernel.errors import Refusal

#: Links tried from one address of the network in a minute.
TRIES = 30

#: Where the session keeps which link was followed.
FOLLOWED = "invitation"


class InvitationView(View):
    """A page behind a link; every link that opens nothing gets one answer."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        tries = MinuteThrottle()
        network = tries.get_ident(Request(request))
        if not tries.count(f"invitation {network}", TRIES):
            status = HTTPStatus.TOO_MANY_REQUESTS
            answer = render(request, "429.html", status=status)
            answer["Retry-After"] = f"{tries.wait():.0f}"
            return answer
        return super().dispatch(request, *args, **kwargs)

    def over(self) -> HttpResponse:
        """Say that the link opens nothing; not why, nor for whom it was."""
        self.request.session.pop(FOLLOWED, None)
        return render(
            self.request, "accounts/invitation_over.html", status=HTTPStatus.NOT_FOUND
        )


class OpenInvitation(InvitationView):
    """Take the token out of the address; reading a mail ahead uses nothing up."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        digest = digest_of(token)
        if invitations.opened_by(digest, at=timezone.now()) is None:
            return self.over()
        request.session[FOLLOWED] = digest
        return redirect("accept_invitation")


class AcceptInvitation(InvitationView):
    """Show what an invitation opens; let the invited person in."""

    digest: str
    invitation: Invitation | None
    owner: User | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.digest = request.session.get(FOLLOWED, "")
        self.invitation = invitations.opened_by(self.digest, at=timezone.now())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.invitation is None:
            return self.over()
        return self.page(self.invitation, self.form(self.invitation))

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.invitation is None:
            return self.over()
        if self.visitor or self.must_sign_in(self.invitation):
            return self.enter(self.invitation, None)
        form = self.form(self.invitation, request.POST)
        if not form.is_valid():
            return self.page(
                self.invitation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
        return self.enter(self.invitation, form.cleaned_data["password1"])

    def enter(self, invitation: Invitation, password: str | None) -> HttpResponse:
        try:
            user = accept_invitation(
                invitation,
                digest=self.digest,
                at=timezone.now(),
                password=password,
                by=self.visitor,
            )
        except invitations.SignInFirst:
            return redirect("accept_invitation")
        except Refusal:
            return self.over()
        del self.request.session[FOLLOWED]
        if self.visitor:
            return redirect("home")
        login = Login(user=user, email_verification="none")
        return perform_password_login(self.request, {"email": user.email}, login)

    @property
    def visitor(self) -> User | None:
        return self.request.user if self.request.user.is_authenticated else None

    def must_sign_in(self, invitation: Invitation) -> bool:
        return invitations.signs_in(invitations.owner_of(invitation))

    def form(self, invitation: Invitation, data: Any = None) -> SetPasswordForm:
        """Return a form whose rules know name and address, as passwords must not."""
        invited = User(email=invitation.email, name=invitation.name)
        return SetPasswordForm(user=invited, data=data)

    def page(
        self, invitation: Invitation, form: SetPasswordForm, *, status: int = 200
    ) -> HttpResponse:
        visitor = self.visitor
        context = {
            "invitation": invitation,
            "roles": roles_of(invitation),
            "form": form,
            "is_stranger": visitor is not None
            and visitor != invitations.owner_of(invitation),
            "must_sign_in": visitor is None and self.must_sign_in(invitation),
        }
        return render(
            self.request, "accounts/invitation_accept.html", context, status=status
        )


def roles_of(invitation: Invitation) -> Sequence[str]:
    """Return the roles that wait behind an invitation, in words."""
    if invitation.kind == Invitation.Kind.COMPANY:
        contacts = Contact.objects.filter(invitation=invitation)
        contact = contacts.with_roles(on=timezone.localdate()).first()
        return [str(role) for role in contact.current_roles] if contact else []
    return [invitation.role.name.capitalize()] if invitation.role else []
