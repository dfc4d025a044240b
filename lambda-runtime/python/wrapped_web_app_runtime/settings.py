"""What the construct tells the runtime at deploy time, through environment variables.

`lambda-runtime/contract.json` describes every field. Without the variables, as where the wheel is used on its own,
every setting has its default.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

DOORS_VARIABLE = "WRAPPED_WEB_APP_DOORS"
OPTIONS_VARIABLE = "WRAPPED_WEB_APP_OPTIONS"
#: The secrets of the CDN, separated by spaces. CloudFormation fills them in.
CDN_SECRETS_VARIABLE = "WRAPPED_WEB_APP_CDN_SECRETS"
#: Only in functions that run a command of an app: its words, as a JSON list.
COMMAND_VARIABLE = "WRAPPED_WEB_APP_COMMAND"

DOOR_NAMES = ("function-url", "http-api", "rest-api", "alb")

_JSON_TYPES = {bool: "a boolean", dict: "an object", list: "a list", str: "a string"}


class DoorSettings:
    """A front door that invokes this function."""

    __slots__ = ("behind_cdn", "door", "mapping_key", "mount_prefix", "open_preflight_routes", "response_mode")

    def __init__(
        self,
        door: str,
        mount_prefix: str = "",
        mapping_key: str = "",
        open_preflight_routes: bool = False,
        response_mode: str = "buffered",
        behind_cdn: bool = False,
    ) -> None:
        self.door = door
        #: The path at which the app is mounted on this door; empty at the root.
        self.mount_prefix = mount_prefix
        #: The key under which a custom domain maps to an HTTP API, as `shop/v1`; empty at the root of the domain.
        self.mapping_key = mapping_key
        #: Whether an HTTP API with an authorizer has OPTIONS routes without one at the mount path.
        self.open_preflight_routes = open_preflight_routes
        #: `buffered` or `streaming`.
        self.response_mode = response_mode
        #: Whether clients reach this door through a CDN, which sends a secret. Everybody else is refused.
        self.behind_cdn = behind_cdn


class Settings:
    """The front doors by kind, and how the app is to be treated."""

    __slots__ = (
        "binary_support",
        "cdn_secrets",
        "doors",
        "event_path",
        "mounted",
        "non_binary_content_type_prefixes",
        "trust_forwarded_host",
        "warm_up",
    )

    def __init__(
        self,
        doors: Mapping[str, list[DoorSettings]],
        binary_support: bool | None = None,
        non_binary_content_type_prefixes: tuple[str, ...] | None = None,
        event_path: str | None = None,
        trust_forwarded_host: bool = False,
        warm_up: str | None = None,
        cdn_secrets: tuple[str, ...] = (),
    ) -> None:
        #: Empty where the construct named none.
        self.doors = doors
        #: The kinds of doors of which one is mounted below the root of its domain.
        self.mounted = {door.door for same in doors.values() for door in same if door.mount_prefix or door.mapping_key}
        #: `None`: base64 wherever the front door can decode it.
        self.binary_support = binary_support
        #: `None`: the list that apig-wsgi documents.
        self.non_binary_content_type_prefixes = non_binary_content_type_prefixes
        #: The path to which events of other services are posted; `None` refuses them.
        self.event_path = event_path
        #: Whether `x-forwarded-host` is the request's host.
        self.trust_forwarded_host = trust_forwarded_host
        #: The path that the app answers once during the init phase; `None` for none.
        self.warm_up = warm_up
        #: One of these comes with each request through a door behind a CDN.
        self.cdn_secrets = cdn_secrets

    def find_door(self, source: str, path: str, event: Mapping[str, Any] | None = None) -> DoorSettings | None:
        """The door that sent an event.

        Several doors of one kind differ in their mount prefix, with which the route of the event begins. Events of an
        ALB and of a Function URL have no route, so there the path of the request decides.

        :param event: given where events have a route, the path pattern that the request matched: `/shop/{proxy+}`, or
            `$default`.
        """
        doors = self.doors.get(source)
        if doors is None:
            return None
        if len(doors) == 1:
            return doors[0]
        route = "" if event is None else _route_of(event)
        return (_find_deepest(doors, route) if route else None) or _find_deepest(doors, path)


def _route_of(event: Mapping[str, Any]) -> str:
    """Empty in events that have no such field."""
    route = event.get("routeKey")
    if not isinstance(route, str):
        route = event.get("resource")
    return route.rpartition(" ")[2] if isinstance(route, str) else ""


def _find_deepest(doors: list[DoorSettings], path: str) -> DoorSettings | None:
    """The door with the longest mount prefix with which the path begins."""
    deepest: DoorSettings | None = None
    for door in doors:
        prefix = door.mount_prefix
        is_longer = deepest is None or len(prefix) > len(deepest.mount_prefix)
        if is_longer and (not prefix or path == prefix or path.startswith(prefix + "/")):
            deepest = door
    return deepest


def settings_from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads the variables.

    Raises `ValueError` naming the variable, the field and its value when the construct would not write it.
    """
    doors: dict[str, list[DoorSettings]] = {}
    for value in _read_json(environ, DOORS_VARIABLE, list):
        door = _read_door(value)
        doors.setdefault(door.door, []).append(door)
    options = _read_json(environ, OPTIONS_VARIABLE, dict)
    prefixes = _read_option(options, "nonBinaryContentTypePrefixes", list, None)
    if prefixes is not None and not all(isinstance(prefix, str) for prefix in prefixes):
        raise _invalid(OPTIONS_VARIABLE, "nonBinaryContentTypePrefixes", "a list of strings", prefixes)
    return Settings(
        doors,
        _read_option(options, "binarySupport", bool, None),
        None if prefixes is None else tuple(prefixes),
        _read_option(options, "eventPath", str, None),
        _read_option(options, "trustForwardedHost", bool, False),
        _read_option(options, "warmUp", str, None),
        tuple(environ.get(CDN_SECRETS_VARIABLE, "").split()),
    )


def _read_door(value: Any) -> DoorSettings:
    if not isinstance(value, dict):
        raise ValueError(f"{DOORS_VARIABLE} must list objects, got {value!r}")
    door = value.get("door")
    if door not in DOOR_NAMES:
        raise _invalid(DOORS_VARIABLE, "door", f"one of {', '.join(DOOR_NAMES)}", door)
    prefix = value.get("mountPrefix", "")
    if not isinstance(prefix, str) or (prefix and (prefix[0] != "/" or prefix[-1] == "/")):
        raise _invalid(DOORS_VARIABLE, "mountPrefix", "empty, or start with a slash and end without one", prefix)
    key = value.get("mappingKey", "")
    if not isinstance(key, str) or key != key.strip("/"):
        raise _invalid(DOORS_VARIABLE, "mappingKey", "a string without slashes at its ends", key)
    is_open = value.get("openPreflightRoutes", False)
    if not isinstance(is_open, bool):
        raise _invalid(DOORS_VARIABLE, "openPreflightRoutes", "a boolean", is_open)
    mode = value.get("responseMode", "buffered")
    if mode not in ("buffered", "streaming"):
        raise _invalid(DOORS_VARIABLE, "responseMode", "buffered or streaming", mode)
    is_behind_cdn = value.get("behindCdn", False)
    if not isinstance(is_behind_cdn, bool):
        raise _invalid(DOORS_VARIABLE, "behindCdn", "a boolean", is_behind_cdn)
    return DoorSettings(door, prefix, key, is_open, mode, is_behind_cdn)


def _read_option(options: dict[str, Any], name: str, kind: type, default: Any) -> Any:
    value = options.get(name, default)
    if value is not default and not isinstance(value, kind):
        raise _invalid(OPTIONS_VARIABLE, name, _JSON_TYPES[kind], value)
    return value


def _invalid(variable: str, field: str, wanted: str, value: Any) -> ValueError:
    return ValueError(f"{variable}: {field} must be {wanted}, got {value!r}; deploy again or remove the variable")


def _read_json(environ: Mapping[str, str], name: str, kind: type) -> Any:
    text = environ.get(name)
    if not text:
        return kind()
    import json

    try:
        value = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{name} must be JSON, got {text!r}: {error}") from error
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be {_JSON_TYPES[kind]}, got {text!r}")
    return value
