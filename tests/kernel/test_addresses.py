"""Addresses of objects are those that the routes give."""

import pytest
from django.urls import reverse

from inm_portal.kernel.addresses import page_of

PAGES = ["consortium:member", "consortium:contact", "consortium:agreement"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("key", [1, 707, 2**63 - 1])
def test_the_address_of_an_object_is_the_one_that_its_route_has(name, key):
    assert page_of(name, key) == reverse(name, args=[key])
