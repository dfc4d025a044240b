"""Which front door sent an event. One module for each format reads it and answers it."""

from __future__ import annotations

from .request import BadEvent, NotAnHttpEvent, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..contract import Contract
    from .door import Door

__all__ = ["BadEvent", "NotAnHttpEvent", "load_doors", "recognize_door"]


def recognize_door(event: Any, contract: Contract) -> Door:
    """Tells the door by what only that door sends.

    Raises `NotAnHttpEvent` for anything that no front door sends: an answer would make SQS delete its messages.
    """
    if not isinstance(event, dict):
        raise NotAnHttpEvent(f"the event is not an HTTP request: expected an object, got {type(event).__name__}")
    context = event.get("requestContext")
    if isinstance(context, dict):
        if context.get("elb") is not None:
            return _doors["alb" if isinstance(event.get("multiValueHeaders"), dict) else "alb-single"]
        # Lattice's second version also says version 2.0.
        if context.get("serviceArn") is not None:
            return _doors["lattice"]
        if event.get("version") == "2.0" and isinstance(context.get("http"), dict):
            return _doors[_tell_version_2(text(context.get("domainName")), contract)]
    if isinstance(event.get("raw_path"), str) and isinstance(event.get("method"), str):
        return _doors["lattice"]
    if isinstance(event.get("httpMethod"), str) and event["httpMethod"]:
        # A REST API's events have no version.
        return _doors["http-api-1.0" if event.get("version") == "1.0" else "rest-api"]
    keys = ", ".join(sorted(map(str, event))) or "none"
    raise NotAnHttpEvent(
        "the event is not an HTTP request of a Function URL, HTTP API, REST API, ALB or VPC Lattice; "
        f"its keys are: {keys}"
    )


def load_doors(contract: Contract) -> None:
    """Loads the formats that the stack's doors send, while Lambda's init phase lasts."""
    for name in contract.doors:
        if name in ("function-url", "http-api", "rest-api", "alb"):
            _doors[name]


def _tell_version_2(domain_name: str, contract: Contract) -> str:
    if ".lambda-url." in domain_name:
        return "function-url"
    if ".execute-api." not in domain_name and "function-url" in contract.doors and "http-api" not in contract.doors:
        return "function-url"
    return "http-api"


class _Doors(dict[str, "Door"]):
    """A function has one door or two, so that each format is loaded when it is first met."""

    def __missing__(self, variant: str) -> Door:
        door: Door
        if variant in ("function-url", "http-api"):
            from .payload_v2 import PayloadV2

            door = PayloadV2(variant)
        elif variant in ("rest-api", "http-api-1.0"):
            from .payload_v1 import PayloadV1

            door = PayloadV1("rest-api" if variant == "rest-api" else "http-api")
        elif variant in ("alb", "alb-single"):
            from .alb import Alb

            door = Alb(variant == "alb")
        else:
            from .lattice import Lattice

            door = Lattice()
        self[variant] = door
        return door


_doors = _Doors()
