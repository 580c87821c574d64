"""The institutions of the settings."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings

from .identity import Identity


@dataclass(frozen=True)
class Institution:
    """An identity provider, and how far the portal trusts what it says."""

    slug: str
    label: str
    issuer: str
    client_id: str
    client_secret: str
    #: Mail domains that are its own: it alone says who has an address there.
    domains: frozenset[str]
    #: The claim by which it says that an address was verified.
    verified_claim: str
    #: What of ``amr`` or ``acr`` says that a second factor was asked for.
    second_factor: frozenset[str]

    def owns(self, email: str) -> bool:
        """Say whether an address belongs to a domain of the institution."""
        return email.rpartition("@")[2].lower() in self.domains

    def vouches_for(self, identity: Identity) -> bool:
        """Say whether the institution may tell whose this person's address is."""
        return identity.is_verified and self.owns(identity.email)

    def asked_second_factor(self, identity: Identity) -> bool:
        """Say whether a second factor was asked for there, as far as it is trusted."""
        return bool(self.second_factor & identity.methods)

    def key_of(self, identity: Identity) -> str:
        """
        Return what an identity is found by: its issuer and its subject.

        A digest, since the two together may be longer than any column; with
        another issuer the same subject is somebody else.
        """
        return sha256(f"{identity.issuer}\n{identity.subject}".encode()).hexdigest()

    def details_of(self, identity: Identity) -> dict[str, str]:
        """Return what is kept of an identity for its owner to see."""
        return {"issuer": identity.issuer, "email": identity.email}


def institutions() -> dict[str, Institution]:
    """Return the configured institutions by slug."""
    return {given["slug"]: _institution(given) for given in settings.INSTITUTIONS}


def label_of(slug: str) -> str:
    """Return the name of an institution, also of one that is configured no more."""
    found = institutions().get(slug)
    return found.label if found else slug.replace("-", " ").title()


def _institution(given: dict[str, Any]) -> Institution:
    domains = frozenset(domain.lower().lstrip("@") for domain in given["domains"])
    factors = frozenset(given["second_factor"])
    return Institution(**given | {"domains": domains, "second_factor": factors})
