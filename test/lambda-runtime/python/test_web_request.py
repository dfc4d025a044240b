"""Parts of a request that test/fixtures/requests.json cannot have, since they are not valid Unicode."""

from __future__ import annotations

from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime.events import BadEvent, detect
from wrapped_web_app_runtime.settings import settings_from_environment

SETTINGS = settings_from_environment({})
REPLACEMENT = "\ufffd".encode()


def parse(fixture: str, **fields: Any) -> Any:
    event = {**read_event(fixture), **fields}
    return detect(event, SETTINGS).parse(event, SETTINGS)


def test_half_a_surrogate_pair_becomes_the_replacement_character_as_in_javascript() -> None:
    headers = {"x-half": "a\ud83db"}
    request = parse("function-url.json", rawPath="/\ud83d", rawQueryString="q=\ude00", headers=headers, body="\ud83d", isBase64Encoded=False)
    assert request.body == REPLACEMENT
    assert request.headers["x-half"].encode("latin-1") == b"a" + REPLACEMENT + b"b"
    assert (request.raw_path, request.query) == ("/%EF%BF%BD", "q=%EF%BF%BD")
    parameters = {"q": ["\ud83d"]}
    assert parse("rest-api.json", queryStringParameters=None, multiValueQueryStringParameters=parameters).query == "q=%EF%BF%BD"


@pytest.mark.parametrize(("body", "is_base64"), [(7, False), ({"a": 1}, False), ("a", True)])
def test_fails_on_a_body_that_is_not_text_or_not_the_base64_that_it_should_be(body: Any, is_base64: bool) -> None:
    with pytest.raises(BadEvent, match="event.body must be"):
        parse("function-url.json", body=body, isBase64Encoded=is_base64)
