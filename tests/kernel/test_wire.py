"""What a mail server is told of a mail."""

import pytest

from inm_portal.kernel.wire import bare


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("dana@inm.example", "dana@inm.example"),
        ("INM Consortium <office@inm.example>", "office@inm.example"),
        ('"Kim, Dana" <dana@inm.example>', "dana@inm.example"),
        ("dana@bücher.example", "dana@xn--bcher-kva.example"),
        ('"joe@work"@x.example', '"joe@work"@x.example'),
    ],
)
def test_a_server_is_told_addresses_without_names_in_ascii(address, told):
    assert bare(address) == told


@pytest.mark.parametrize(
    "address",
    ["", "a@x.example,b@x.example", "a@x.example\r\nBcc: b@x.example"],
)
def test_what_is_no_address_is_told_to_nobody(address):
    with pytest.raises(ValueError, match="nvalid address"):
        bare(address)
