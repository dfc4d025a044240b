"""What the construct writes into the environment variables, and what it never writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.settings import DOOR_NAMES, DOORS_VARIABLE, OPTIONS_VARIABLE, settings_from_environment


@pytest.mark.parametrize("environ", [{}, {DOORS_VARIABLE: "", OPTIONS_VARIABLE: ""}, {DOORS_VARIABLE: "[]", OPTIONS_VARIABLE: "{}"}])
def test_without_the_variables_every_setting_has_its_default(environ: dict[str, str]) -> None:
    settings = settings_from_environment(environ)
    assert settings.doors == {}
    assert (settings.binary_support, settings.non_binary_content_type_prefixes) == (None, None)
    assert (settings.event_path, settings.trust_forwarded_host) == (None, False)
    assert settings.find_door("alb", "/") is None


def test_every_field_is_read() -> None:
    doors = [
        {"door": "alb", "mountPrefix": "/shop", "responseMode": "streaming"},
        {"door": "rest-api"},
        {"door": "http-api", "mappingKey": "shop/v1", "openPreflightRoutes": True},
    ]
    options = {
        "binarySupport": False,
        "nonBinaryContentTypePrefixes": ["text/"],
        "eventPath": "/events",
        "trustForwardedHost": True,
        "onUncaughtException": "exit",
    }
    settings = settings_from_environment({DOORS_VARIABLE: json.dumps(doors), OPTIONS_VARIABLE: json.dumps(options)})
    read = [
        (door.door, door.mount_prefix, door.mapping_key, door.open_preflight_routes, door.response_mode)
        for doors_of_one_kind in settings.doors.values()
        for door in doors_of_one_kind
    ]
    assert read == [
        ("alb", "/shop", "", False, "streaming"),
        ("rest-api", "", "", False, "buffered"),
        ("http-api", "", "shop/v1", True, "buffered"),
    ]
    assert (settings.binary_support, settings.non_binary_content_type_prefixes) == (False, ("text/",))
    assert (settings.event_path, settings.trust_forwarded_host) == ("/events", True)


def test_both_of_two_doors_of_one_kind_are_kept() -> None:
    doors = [{"door": "alb", "mountPrefix": "/one"}, {"door": "alb", "mountPrefix": "/two"}]
    settings = settings_from_environment({DOORS_VARIABLE: json.dumps(doors)})
    assert [door.mount_prefix for door in settings.doors["alb"]] == ["/one", "/two"]


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (DOORS_VARIABLE, "{", "must be JSON, got '{'"),
        (DOORS_VARIABLE, '{"door":"alb"}', "must be a list"),
        (DOORS_VARIABLE, '["alb"]', "must list objects, got 'alb'"),
        (DOORS_VARIABLE, '[{"name":"alb"}]', f"door must be one of {', '.join(DOOR_NAMES)}, got None"),
        (DOORS_VARIABLE, '[{"door":"vpc-lattice"}]', "door must be one of .*, got 'vpc-lattice'"),
        (DOORS_VARIABLE, '[{"door":["alb"]}]', r"door must be one of .*, got \['alb'\]"),
        (DOORS_VARIABLE, '[{"door":"alb","mountPrefix":7}]', "mountPrefix must be empty, or .*, got 7"),
        (DOORS_VARIABLE, '[{"door":"alb","mountPrefix":"shop"}]', "mountPrefix must be empty, or .*, got 'shop'"),
        (DOORS_VARIABLE, '[{"door":"alb","mountPrefix":"/shop/"}]', "mountPrefix must be empty, or .*, got '/shop/'"),
        (DOORS_VARIABLE, '[{"door":"http-api","mappingKey":"/v1"}]', "mappingKey must be a string without slashes at its ends, got '/v1'"),
        (DOORS_VARIABLE, '[{"door":"http-api","mappingKey":1}]', "mappingKey must be a string without slashes at its ends, got 1"),
        (DOORS_VARIABLE, '[{"door":"http-api","openPreflightRoutes":"yes"}]', "openPreflightRoutes must be a boolean, got 'yes'"),
        (DOORS_VARIABLE, '[{"door":"alb","responseMode":"fast"}]', "responseMode must be buffered or streaming, got 'fast'"),
        (OPTIONS_VARIABLE, "[]", "must be an object"),
        (OPTIONS_VARIABLE, '{"eventPath":1}', "eventPath must be a string, got 1"),
        (OPTIONS_VARIABLE, '{"binarySupport":"no"}', "binarySupport must be a boolean, got 'no'"),
        (OPTIONS_VARIABLE, '{"trustForwardedHost":null}', "trustForwardedHost must be a boolean, got None"),
        (OPTIONS_VARIABLE, '{"nonBinaryContentTypePrefixes":"text/"}', "nonBinaryContentTypePrefixes must be a list, got 'text/'"),
        (OPTIONS_VARIABLE, '{"nonBinaryContentTypePrefixes":["text/",1]}', r"must be a list of strings, got \['text/', 1\]"),
    ],
)
def test_fails_on_a_value_that_the_construct_never_writes(variable: str, value: str, message: str, monkeypatch: Any) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=f"^{variable}.*{message}"):
        make_lambda_handler(lambda environ, start_response: [])
