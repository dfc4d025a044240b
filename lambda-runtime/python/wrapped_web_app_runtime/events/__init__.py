"""Which front door sent an event. One module for each format reads it and answers it."""

from __future__ import annotations

from typing import Any

from ..contract import Contract
from .alb import Alb
from .door import Door, ResponsePayload
from .fields import BadEvent, NotAnHttpEvent, mapping, text
from .lattice import Lattice
from .payload_v1 import PayloadV1
from .payload_v2 import PayloadV2

__all__ = ["BadEvent", "Door", "NotAnHttpEvent", "ResponsePayload", "recognize_door"]


def recognize_door(event: Any, contract: Contract) -> Door:
    """Tells the door by what only that door sends.

    Raises `NotAnHttpEvent` for anything that no front door sends: an answer would make SQS delete its messages.
    """
    if not isinstance(event, dict):
        raise NotAnHttpEvent(f"the event is not an HTTP request: expected an object, got {type(event).__name__}")
    context = mapping(event.get("requestContext"))
    if context.get("elb") is not None:
        return Alb(event)
    # Lattice's second version also says version 2.0.
    if context.get("serviceArn") is not None:
        return Lattice(event)
    if isinstance(context.get("http"), dict) and event.get("version") == "2.0":
        return PayloadV2(event, _tell_version_2(text(context.get("domainName")), contract))
    if isinstance(event.get("raw_path"), str) and isinstance(event.get("method"), str):
        return Lattice(event)
    if isinstance(event.get("httpMethod"), str) and event["httpMethod"]:
        return PayloadV1(event)
    keys = ", ".join(sorted(map(str, event))) or "none"
    raise NotAnHttpEvent(
        "the event is not an HTTP request of a Function URL, HTTP API, REST API, ALB or VPC Lattice; "
        f"its keys are: {keys}"
    )


def _tell_version_2(domain_name: str, contract: Contract) -> str:
    if ".lambda-url." in domain_name:
        return "function-url"
    if ".execute-api." not in domain_name and "function-url" in contract.doors and "http-api" not in contract.doors:
        return "function-url"
    return "http-api"
