"""What others wrote as FHIR, looked at without trusting it: each asks for one thing and gets it, or
nothing.
"""

from collections.abc import Iterator
from typing import Any

from fhir.elements import Resource, written


def a_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def resources(bundle: Any) -> Iterator[tuple[str, Resource]]:
    """Each with its `fullUrl`, which is empty where there is none."""
    for entry in map(a_dict, a_list(a_dict(bundle).get("entry"))):
        one = entry.get("resource")
        if isinstance(one, dict) and isinstance(one.get("resourceType"), str):
            address = entry.get("fullUrl")
            yield address if isinstance(address, str) else "", one


def text(value: Any) -> str:
    return written(value) if isinstance(value, str) else ""


def reference(value: Any) -> str:
    """Where an element leads; empty where it names nothing that can be found."""
    return text(a_dict(value).get("reference"))


def local(address: str) -> str:
    """Kind and id, of a whole address as of a relative one, whichever version."""
    return "/".join(address.partition("/_history/")[0].split("/")[-2:])


def codes(concept: Any) -> list[str]:
    codings = map(a_dict, a_list(a_dict(concept).get("coding")))
    return [written(str(one["code"])) for one in codings if one.get("code")]


def words(concept: Any) -> str:
    """Its own text, else that of a code."""
    codings = map(a_dict, a_list(a_dict(concept).get("coding")))
    displays = (text(one.get("display")) for one in codings)
    return text(a_dict(concept).get("text")) or next(filter(None, displays), "")
