"""
Ask an institution something over the network: shortly, and nowhere else.

Only the configured issuer and the addresses that it gives are ever called; no
redirect is followed, so that none leads inside (WEB-05).
"""

import json
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests

#: Seconds to connect and to wait for a part of the answer, and for all of it.
PATIENCE = (3, 4)
LONGEST = 6

#: Bytes; the answers that are wanted are a few thousand.
LARGEST = 256 * 1024


class SignInFault(Exception):
    """Something that an institution answered is not right; nobody is let in."""


class Unreachable(SignInFault):
    """An institution does not answer."""


def get(url: str, **options: Any) -> dict[str, Any]:
    """Return the JSON object at an address."""
    return _ask("GET", url, **options)


def post(url: str, **options: Any) -> dict[str, Any]:
    """Return the JSON object that a form is answered with."""
    return _ask("POST", url, **options)


def _ask(method: str, url: str, **options: Any) -> dict[str, Any]:
    """
    :raises Unreachable: if there is no whole answer within seconds.
    :raises SignInFault: if it is another than a JSON object.
    """
    place = urlsplit(url).hostname
    try:
        with requests.request(
            method, url, timeout=PATIENCE, allow_redirects=False, stream=True, **options
        ) as response:
            status, body = response.status_code, _read(response)
    except (requests.RequestException, OSError) as error:
        raise Unreachable(f"{place}: {type(error).__name__}") from error
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unreachable(f"{place}: status {status}")
    if status != HTTPStatus.OK:
        raise SignInFault(f"{place}: status {status}")
    return _object(body, place)


def _read(response: requests.Response) -> bytes:
    """Return the body, as long as it comes in time and is not too much."""
    began, body = time.monotonic(), b""
    for part in response.iter_content(8192):
        body += part
        if time.monotonic() - began > LONGEST:
            raise requests.Timeout
        if len(body) > LARGEST:
            raise requests.exceptions.ContentDecodingError
    return body


def _object(body: bytes, place: str | None) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SignInFault(f"{place}: no JSON") from error
    if not isinstance(answer, dict):
        raise SignInFault(f"{place}: no JSON object")
    return answer
