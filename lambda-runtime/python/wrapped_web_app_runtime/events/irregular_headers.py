"""Headers that are repeated, beyond ASCII, broken, or in one of an event's two maps only."""

from __future__ import annotations

from . import latin1, text, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .web_request import HeaderNames, Headers


def read_irregular_headers(
    single: Mapping[str, Any], multi: Mapping[str, Any], cookie: str, header_names: HeaderNames
) -> Headers:
    """The same as `read_headers`, for headers of any kind."""
    found: dict[str, list[str]] = {}
    listed: set[str] = set()
    for name, values in multi.items():
        if values is not None and (kept := texts(values)):
            listed.add(name.lower())
            found.setdefault(header_names[name], []).extend(kept)
    for name, value in single.items():
        if value is not None and name.lower() not in listed:
            # Version 2 of VPC Lattice has lists in its only map.
            found.setdefault(header_names[name], []).extend(texts(value) if isinstance(value, list) else [text(value)])
    found.pop("", None)
    problem = None
    if any(map(has_line_break, (*single, *multi))):
        problem = "the name of a header has a line break or NUL in it"
    for name, values in found.items():
        if any(map(has_line_break, values)):
            problem = f"the header {name} has a line break or NUL in it"
    if has_line_break(cookie):
        problem = "the header cookie has a line break or NUL in it"
    found_cookies = found.pop("cookie", None)
    clean = {name: [field_value(value) for value in values] for name, values in found.items() if values}
    if cookie or found_cookies is not None:
        # HTTP/2 may split them: https://www.rfc-editor.org/rfc/rfc9113#section-8.2.3
        clean["cookie"] = [field_value(cookie or "; ".join(filter(None, found_cookies or ())))]
    fields = {name: ", ".join(values) for name, values in clean.items()}
    return fields, {name: values for name, values in clean.items() if len(values) > 1}, problem


def has_line_break(text: str) -> bool:
    return "\r" in text or "\n" in text or "\0" in text


def field_value(value: str) -> str:
    """The value as bytes on the wire, read as Latin-1, without the whitespace around it: RFC 9110, 5.6.3."""
    return latin1(value).strip(" \t")
