"""What is signed, waived or shown by a paper is done once, under a key."""

from typing import Any

import pytest

from inm_portal.api import router

pytestmark = pytest.mark.django_db

#: Whose every POST a program sends with a key.
BASES = [
    *["agreement", "amendment", "deviation", "evidence", "contributioncredit"],
]
#: Others that write agreements, claims or waivers.
ACTIONS = [
    *[("organization", "draft_agreement"), ("organization", "claim_credit")],
    *[("organization", "offer_in_kind"), ("commitmentyear", "waive")],
]


def viewset(basename: str) -> Any:
    return next(view for _prefix, view, base in router.registry if base == basename)


def posts() -> list[tuple[str, str]]:
    """Return each operation by POST of these, with the kind of thing."""
    found = [
        (base, action.__name__)
        for base in BASES
        for action in viewset(base).get_extra_actions()
        if "post" in action.mapping
    ]
    return found + ACTIONS


@pytest.mark.parametrize(("base", "action"), posts())
def test_a_post_about_a_commitment_requires_a_key(api, cast, base, action):
    actions = viewset(base).get_extra_actions()
    path = next(one.url_path for one in actions if one.__name__ == action)
    prefix = next(p for p, _view, name in router.registry if name == base)

    answer = api(cast["director"]).post(f"/api/v1/{prefix}/1/{path}/", {})

    assert (answer.status_code, answer.json()["code"]) == (
        400,
        "idempotency_key_required",
    )
