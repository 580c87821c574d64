"""The front server of ``docker-compose.yml`` (CFG-07)."""

import re

import pytest

from . import variables

FRONT = variables.ROOT / "docker/front"
MAIN = (FRONT / "nginx.conf").read_text()
SITE = (FRONT / "portal.conf.template").read_text()


def directives(name: str, text: str) -> list[str]:
    return re.findall(rf"^\s*{name}\s+([^;]+);", text, re.MULTILINE)


def block_of(opening: str, text: str) -> str:
    """Return what stands between the braces of the first block named ``opening``."""
    begin = text.index("{", text.index(opening)) + 1
    depth, end = 1, begin
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return text[begin : end - 1]


PLAIN, SECURE = (
    next(
        block
        for block in re.split(r"^server ", SITE, flags=re.MULTILINE)
        if f"listen {port};" in block and "${PORTAL_HOST}" in block
    )
    for port in ["8080", "8443 ssl"]
)


def test_it_speaks_tls_1_2_and_1_3_only():
    assert directives("ssl_protocols", MAIN + SITE) == ["TLSv1.2 TLSv1.3"]


def test_it_redirects_plain_pages_to_the_configured_host():
    assert directives("return", block_of("location / ", PLAIN)) == [
        "403",
        "301 https://${PORTAL_HOST}$request_uri",
    ]


def test_it_refuses_plain_api_calls():
    [answer] = directives("return", block_of("location /api/ ", PLAIN))

    assert answer.startswith("403 ")


@pytest.mark.parametrize("port", ["8080", "8443 ssl"])
def test_a_foreign_host_gets_no_answer(port):
    server = block_of(f"server {{\n    listen {port} default_server;", SITE)

    assert directives("return", server) == ["444"]


def test_what_a_client_says_about_itself_is_overwritten():
    headers = dict(
        line.split(" ", 1) for line in directives("proxy_set_header", SECURE)
    )

    assert headers["Host"] == "${PORTAL_HOST}"
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-Host"] == headers["Forwarded"] == '""'


def test_it_writes_no_addresses_into_a_log():
    assert directives("access_log", MAIN + SITE) == ["off"]
    assert directives("error_log", MAIN + SITE) == ["stderr crit"]


def test_files_are_reached_through_web_alone():
    """FIL-01, FIL-02: and run in no page of the portal."""
    location = block_of("location /files/ ", SECURE)

    assert re.search(r"^\s*internal;", location, re.MULTILINE)
    assert directives("alias", location) == ["/var/lib/portal/files/"]
    assert directives("disable_symlinks", location) == ["on"]
    for header in [
        """Content-Security-Policy "default-src 'none'; sandbox" always""",
        'X-Content-Type-Options "nosniff" always',
    ]:
        assert f"add_header {header};" in location
