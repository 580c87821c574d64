"""CON-03: each operation on commitments that is asked for twice is done once."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from inm_portal.kernel.models import JournalEntry

from .payloads import NOTHING, PAYLOADS, WITHOUT, Body
from .table import rows

pytestmark = pytest.mark.django_db

RESOURCES = (
    *["organization", "agreement", "amendment", "deviation", "organizationlink"],
    *["commitmentyear", "contributioncredit", "evidence", "interest"],
    *["receipt", "receiptshare", "allocation", "writeoff", "refund"],
    *["receipt", "periodclose", "exportbatch", "recognitionimport"],
    *["bankfile", "bankaccount"],
    *["receipt", "instalment", "invoice", "creditnote"],
    *["receipt", "callback"],
    "reminderpolicy",
)
OPERATIONS = [
    row
    for row in rows()
    if row.method == "POST"
    and row.name.partition("-")[0] in RESOURCES
    and row.name not in WITHOUT
]
DONE = {200, 201, 204}
#: Answers to an empty body from which a right one leads on.
OPEN = DONE | {400, 428}


@pytest.mark.parametrize("row", OPERATIONS, ids=str)
def test_what_is_asked_for_twice_under_one_key_is_done_once(stage, row):
    who = next(who for who, told in row.answers.items() if told in OPEN)
    body = stage.filled(PAYLOADS.get(row.name, NOTHING))
    client, key = Client(), uuid4().hex
    client.cookies[settings.SESSION_COOKIE_NAME] = stage.sessions[who]

    with transaction.atomic():
        first = post(client, stage.url(row), body, key)
        written = JournalEntry.objects.count()
        second = post(client, stage.url(row), body, key)
        again = JournalEntry.objects.count() - written
        transaction.set_rollback(True)

    assert first.status_code in DONE, first.content
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers.get("Idempotent-Replayed") == "true"
    assert again == 0


def post(client: Client, url: str, body: Body, key: str):
    files = {name: SimpleUploadedFile(*file) for name, file in body.files.items()}
    kind = {} if files else {"content_type": "application/json"}
    headers = body.headers | {"Idempotency-Key": key}
    return client.post(url, data=body.data | files, headers=headers, **kind)
