"""People: everybody who signs in, what each is here, and who may come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from consortium.models import Contact, ContactRole, RoleAssignment
from inm_portal.accounts import access, roles
from inm_portal.accounts.models import Delegation, Invitation, Standing, User, UserMerge
from inm_portal.kernel import exports
from inm_portal.kernel.exports.cells import Inert
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

PEOPLE = (_("People"), reverse_lazy("people"))
AFFILIATIONS_SHOWN = 50
INVITATIONS_SHOWN = 20
LEAVES_SHOWN = 20
ENTRIES_SHOWN = 20


class PersonFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    role = django_filters.ChoiceFilter(
        choices=[(role, role.capitalize()) for role in roles.ALL],
        method="holding",
        label=_("Role at INM"),
        empty_label=_("Any role"),
    )
    standing = django_filters.ChoiceFilter(
        choices=Standing, label=_("State"), empty_label=_("Any state")
    )
    organization = KeyFilter(method="of_company", label=_("Organization"))

    class Meta:
        model = User
        fields: list[str] = []

    def find(self, queryset: Any, _name: str, text: str) -> Any:
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def holding(self, queryset: Any, _name: str, role: str) -> Any:
        return queryset.filter(groups__name=role)

    def of_company(self, queryset: Any, _name: str, value: int) -> Any:
        present = Contact.objects.current().filter(organization=value)
        return queryset.filter(pk__in=present.values("user"))


class PersonRows(Rows):
    """Everybody with an account."""

    queryset = User.objects.all()
    filter_class = PersonFilter
    default_sort = "name"
    columns = [
        Column("name", _("Name"), (Lower("name"),)),
        Column("roles", _("At INM")),
        Column("companies", _("Companies")),
        Column(
            "signed_in", _("Last sign-in"), (F("last_login").asc(nulls_first=True),)
        ),
        Column("standing", _("State")),
    ]

    def get_queryset(self) -> Any:
        rows = super().get_queryset().with_roles().with_standing()
        return rows.annotate(companies=companies())


def companies() -> ArraySubquery:
    """Return the names of the companies where each person is now."""
    present = Contact.objects.current().filter(user=OuterRef("pk"))
    names = present.order_by("organization__name").values("organization__name")
    return ArraySubquery(names)


class PersonList(PersonRows, RecordList):
    template_name = "accounts/user_list.html"
    keys_first = True
    noun = (_("person"), _("people"))
    export_url = reverse_lazy("export_people")
    extra_context = {
        "heading": _("People"),
        "empty_title": _("Nobody to show"),
        "empty_text": _("People come in by invitation."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_invite = self.user.has_perm("accounts.add_invitation")
        return super().get_context(page) | {"may_invite": may_invite}


class Joined(Func):
    """An array as one text, parted by semicolons."""

    function = "array_to_string"
    output_field = CharField()

    def __init__(self, array: str) -> None:
        super().__init__(F(array), Value("; "))


class ExportPeople(PersonRows, RecordExport):
    name = "people"
    export_columns = {
        "id": "pk",
        "name": exports.text("name"),
        "email": exports.text("email"),
        "roles": Joined("role_names"),
        "companies": Inert(Joined("companies")),
        "joined_at": "joined_at",
        "last_sign_in": "last_login",
        "state": "standing",
    }


class PersonDetail(RecordDetail):
    queryset = User.objects.select_related("merged_into")
    template_name = "accounts/user_detail.html"
    context_object_name = "person"
    buttons = (
        *("give_role", "take_role", "merge", "view_as"),
        *("reset_factors", "end_access", "restore_access"),
        *("delegate", "hand_out", "erase"),
    )

    def get_queryset(self) -> Any:
        now = timezone.now()
        tokens = Count("auth_token_set", filter=Q(auth_token_set__expiry__gt=now))
        merges = UserMerge.objects.standing().filter(survivor=OuterRef("pk"))
        either = Q(principal=OuterRef("pk")) | Q(delegate=OuterRef("pk"))
        leaves = Delegation.objects.open(on=timezone.localdate()).filter(either)
        rows = super().get_queryset().with_roles().with_standing()
        return rows.annotate(
            token_count=tokens, has_merges=Exists(merges), has_leaves=Exists(leaves)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        merges, invitations = self.merges(), self.invitations()
        same = [person, *(merge.merged for merge in merges)]
        entries = JournalEntry.objects.about(*same, *invitations).told_to(self.user)
        return super().get_context_data(
            heading=person.name,
            pretitle=_("Person"),
            breadcrumbs=[PEOPLE],
            affiliations=affiliations(person, self.user),
            invitations=invitations,
            merges=merges,
            leaves=self.leaves(),
            entries=entries[:ENTRIES_SHOWN],
            **kwargs,
        )

    def invitations(self) -> list[Invitation]:
        """Return those that the person accepted, or that went to the address."""
        person = self.object
        own = Invitation.objects.filter(Q(accepted_by=person) | Q(email=person.email))
        seen = own.permitted(self.user, "view").with_status(at=timezone.now())
        return list(seen.order_by("-sent_at")[:INVITATIONS_SHOWN])

    def merges(self) -> list[UserMerge]:
        """Return the accounts that lead to this one."""
        if not self.object.has_merges:
            return []
        standing = UserMerge.objects.standing().filter(survivor=self.object)
        return list(
            standing.with_permissions(self.user, "undo")
            .select_related("merged")
            .order_by("-merged_at")[:INVITATIONS_SHOWN]
        )

    def leaves(self) -> list[Delegation]:
        """Return who acts for this person, and for whom they act."""
        if not self.object.has_leaves:
            return []
        rows = Delegation.objects.of(self.object).open(on=timezone.localdate())
        seen = rows.permitted(self.user, "view").with_permissions(self.user, "end")
        return list(seen.with_people().order_by("ends_on", "pk")[:LEAVES_SHOWN])


@dataclass(frozen=True)
class Affiliation:
    """Somebody as a contact of one company, with the roles of today."""

    contact: Contact
    roles: Sequence[str]


def affiliations(person: User, user: Any) -> list[Affiliation]:
    """Return where a person is and was a contact, the present first."""
    held = RoleAssignment.objects.held(on=timezone.localdate())
    named = held.filter(contact=OuterRef("pk")).order_by("role").values("role")
    contacts = (
        Contact.objects.filter(user=person)
        .permitted(user, "view")
        .select_related("organization")
        .annotate(held_roles=ArraySubquery(named))
        .order_by(F("departed_on").desc(nulls_first=True), "organization__name")
    )
    return [
        Affiliation(contact, [str(ContactRole(r).label) for r in contact.held_roles])
        for contact in contacts[:AFFILIATIONS_SHOWN]
    ]


def trail_of(person: User) -> list[tuple[Any, Any]]:
    """Return the way to a page about somebody."""
    return [PEOPLE, (person.name, person.get_absolute_url())]


class OfPerson(UseCaseView):
    """A form about a person; ``user`` stays who looks at it."""

    context_object_name = "person"
    queryset = User.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=trail_of(self.object),
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )


class RoleField(forms.ModelChoiceField):
    """A role at INM, as pages write it."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name).capitalize()


class RoleForm(forms.Form):
    role = RoleField(
        label=_("Role at INM"),
        queryset=Group.objects.none(),
        to_field_name="name",
        empty_label=None,
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = choices.order_by("name")  # type: ignore[attr-defined]


class OfRoles(OfPerson):
    """A form with the roles that can be given to a person, or taken away."""

    form_class = RoleForm

    def choices(self) -> Any:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"choices": self.choices()}


class GiveRole(OfRoles):
    action = "give_role"
    heading = _("Give a role at INM")
    done = _("Role given.")
    extra_context = {"submit_label": _("Give role")}

    def choices(self) -> Any:
        return Group.objects.exclude(user=self.object)

    def perform(self, **data: Any) -> User:
        return access.give_role(self.object, **data, by=self.user)


class TakeRole(OfRoles):
    action = "take_role"
    heading = _("Take a role away")
    done = _("Role taken away.")
    extra_context = {"submit_label": _("Take away")}

    def choices(self) -> Any:
        return self.object.groups.all()

    def perform(self, **data: Any) -> User:
        return access.take_role(self.object, **data, by=self.user)


class EndAccess(StepView):
    queryset = User.objects.all()
    action = "end_access"
    done = _("Access ended, with every session and token.")

    def perform(self, person: User, /) -> User:
        return access.end_access(person, by=self.user)


class RestoreAccess(StepView):
    queryset = User.objects.all()
    action = "restore_access"
    done = _("Access restored; the person signs in again.")

    def perform(self, person: User, /) -> User:
        return access.restore_access(person, by=self.user)
