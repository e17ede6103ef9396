"""Every address of the site, as its resolver knows them, and what fills its keys."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from django.urls import Resolver404, get_resolver, resolve
from hypothesis import strategies as st

from accounts.permissions import Permission
from tests.config.test_guards import views
from tests.fuzz import odd

# The emergency broadcast of Wagtail, which raises whenever it is asked, for administrators to see.
RAISES_ON_PURPOSE = {"cms/failwhale/"}
DOORS = ("account", "portal", "workspace", "cms", "fhir")
KEY = re.compile(r"(?<!P)<(?:(\w+):)?(\w+)>")
TAKES = {"int": r"\d+", "slug": r"[-a-zA-Z0-9_]+", "str": "[^/]+", "path": ".+"}
ASKS = re.compile(
    r"""(?:GET|POST|FILES|COOKIES|params|data|request|form)(?:\.get(?:list)?\(|\[)\s*["']([\w-]+)"""
)
ODD_KEYS = {
    "int": st.sampled_from(["0", "9" * 20, "9" * 5000, "2147483648", "9223372036854775808", "٣"]),
    "uuid": st.uuids().map(str),
    "slug": st.sampled_from(["a", "-", "0" * 300, "_", "articlepage", "delete", "approve", "cms"]),
    "str": odd.texts.map(lambda text: text[:3000].replace("/", "") or "x"),
    "path": odd.texts.map(lambda text: text[:3000] or "x"),
}


class Place(NamedTuple):
    route: str
    view: Callable[..., Any]

    @property
    def has_keys(self) -> bool:
        return is_pattern(self.route) or "<" in self.route

    @property
    def door(self) -> str:
        """The first part of the address; none for the public site."""
        first = self.route.partition("/")[0]
        return first if first in DOORS else ""

    @property
    def gate(self) -> tuple[Permission, ...]:
        return getattr(self.view, "gate", ())

    def names(self) -> tuple[str, ...]:
        """What the code of its view asks a request for, by its module's text."""
        view = inspect.unwrap(getattr(self.view, "view_class", self.view))
        module = sys.modules[view.__module__]
        return tuple(sorted(set(ASKS.findall(inspect.getsource(module)))))


def everywhere() -> list[Place]:
    found = dict(reversed([*views(get_resolver().url_patterns)]))  # the first one answers
    return [Place(route, found[route]) for route in sorted(found)]


def is_pattern(route: str) -> bool:
    return any(sign in route for sign in "^$\\")


def route_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route
    except (Resolver404, ValueError):
        return ""


def filled_pattern(route: str, key: object) -> str:
    """An address that a regular expression takes: `key` for a row's, the first of alternatives."""
    route = re.sub(r"\(\?P<pk>\.\+\)|\(\\d\+\)", str(key), route)
    route = re.sub(r"\((?:\?P<\w+>)?(\w+)\|[^)]*\)", r"\1", route)
    return re.sub(r"\(.*?\)\*?|\.\*|[\\^$]", "", route)


def odd_address(place: Place) -> st.SearchStrategy[str]:
    """The address with keys that are nobody's, or with whatever else its pattern takes."""
    if is_pattern(place.route):
        pattern = re.sub(r"[\^$]", "", KEY.sub(lambda key: TAKES[key[1] or "str"], place.route))
        return st.from_regex(pattern, fullmatch=True).map(lambda found: f"/{quote(found)}")
    kinds = [kind or "str" for kind, _ in KEY.findall(place.route)]
    pieces = KEY.sub("\0", place.route).split("\0")
    values = st.tuples(*(ODD_KEYS[kind] for kind in kinds))
    return values.map(lambda filled: f"/{''.join(_woven(pieces, filled))}")


def _woven(pieces: list[str], values: tuple[str, ...]) -> Iterator[str]:
    for piece, value in zip(pieces, (*values, ""), strict=True):
        yield piece
        yield quote(value.encode("utf-8", "surrogatepass"))
