"""Add an organization, keep its details, rename it, add a site."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import FormerName, Organization, Site, SiteKind
from ..verbs import Verb


class NameTaken(Refusal):
    code = "name_taken"
    field = "name"


class NamedInFuture(Refusal):
    code = "named_in_future"
    field = "named_since_on"


class SameName(Refusal):
    code = "same_name"
    field = "name"


class OwnerNotAtInm(Refusal):
    code = "owner_not_at_inm"
    field = "owner"


class RenamedTooEarly(Refusal):
    code = "renamed_too_early"
    field = "from_on"


class SiteExists(Refusal):
    code = "site_exists"
    field = "name"


class HeadquartersExist(Refusal):
    code = "headquarters_exist"
    field = "kind"


def lock_organization(organization: Organization) -> Organization:
    """Hold an organization until the transaction ends; every use case starts so."""
    return Organization.objects.locked(organization)


def lock_organizations(*organizations: Organization) -> None:
    """Hold several organizations, always in the order of their keys."""
    rows = Organization.objects.filter(pk__in=[one.pk for one in organizations])
    list(rows.order_by("pk").select_for_update())


@transaction.atomic
def add_organization(
    *, name: str, named_since_on: date, today: date, by: User, **details: Any
) -> Organization:
    """
    Add a company, a prospect until an agreement is signed.

    :raises NameTaken: if another company goes by that name.
    :raises NamedInFuture: if the name holds from a day that lies ahead.
    :raises OwnerNotAtInm: if the owner has no role at INM.
    """
    if named_since_on > today:
        raise NamedInFuture(_("Record a name on the day from which it holds."))
    _require_owner_at_inm(details.get("owner"))
    _require_free_name(name)
    details |= {"name": name, "named_since_on": named_since_on}
    organization = Organization.objects.create(**details)
    journal.record(Verb.ORGANIZATION_ADDED, organization, by=by)
    return organization


@transaction.atomic
def change_organization(
    organization: Organization, *, by: User, version: int | None = None, **details: Any
) -> Organization:
    """
    Change details other than the name.

    :raises EditConflict: if somebody changed them since ``version``.
    :raises OwnerNotAtInm: if the owner has no role at INM.
    """
    organization = lock_organization(organization)
    _require_owner_at_inm(details.get("owner"))
    if changed := organization.edit(version, **details):
        journal.record(
            Verb.ORGANIZATION_CHANGED, organization, by=by, fields=sorted(changed)
        )
    return organization


@transaction.atomic
def rename_organization(
    organization: Organization,
    *,
    name: str,
    legal_name: str,
    from_on: date,
    today: date,
    by: User,
) -> Organization:
    """
    Give a new name from a day on; what was issued before keeps the old one.

    :raises RenamedTooEarly: if the day lies ahead, or before the present name.
    :raises NameTaken: if another company goes by that name.
    :raises SameName: if nothing about the name changes.
    """
    organization = lock_organization(organization)
    if (name, legal_name) == (organization.name, organization.legal_name):
        raise SameName(_("This is the present name."))
    if from_on > today:
        raise RenamedTooEarly(_("Record a new name on the day from which it holds."))
    if from_on <= organization.named_since_on:
        raise RenamedTooEarly(
            _("The present name holds since %(day)s; a new one starts later.")
            % {"day": written_day(organization.named_since_on)}
        )
    _require_free_name(name, other_than=organization)

    FormerName.objects.create(
        organization=organization,
        name=organization.name,
        legal_name=organization.legal_name,
        from_on=organization.named_since_on,
        until_on=from_on,
    )
    organization.edit(None, name=name, legal_name=legal_name, named_since_on=from_on)
    journal.record(Verb.ORGANIZATION_RENAMED, organization, by=by, from_on=from_on)
    return organization


@transaction.atomic
def add_site(organization: Organization, *, by: User, **details: Any) -> Site:
    """
    Add a place of an organization.

    :raises SiteExists: if it has one of that name.
    :raises HeadquartersExist: if this would be its second headquarters.
    """
    organization = lock_organization(organization)
    sites = organization.sites
    if sites.filter(name__iexact=details["name"]).exists():
        raise SiteExists(_("There is a site of this name."))
    if details["kind"] == SiteKind.HEADQUARTERS and sites.filter(
        kind=SiteKind.HEADQUARTERS
    ):
        raise HeadquartersExist(_("The headquarters are recorded already."))
    site = Site.objects.create(organization=organization, **details)
    journal.record(Verb.SITE_ADDED, organization, by=by, site=site.pk)
    return site


def _require_free_name(name: str, other_than: Organization | None = None) -> None:
    take_turns("organization names")
    others = Organization.objects.filter(name__iexact=name)
    if other_than is not None:
        others = others.exclude(pk=other_than.pk)
    if others.exists():
        raise NameTaken(_("Another organization goes by this name."))


def _require_owner_at_inm(owner: User | None) -> None:
    if owner is not None and not User.objects.at_inm().filter(pk=owner.pk).exists():
        raise OwnerNotAtInm(_("The owner is somebody with a role at INM."))
