"""What an answer offers to send: its forms as a browser fills them in, its links, their names."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

POSTING = ("hx-post", "hx-put", "hx-delete", "formaction", "data-url", "data-action", "data-keep")
ASKING = ("href", "hx-get", "src", "data-href", "action")
BLOCKS = "data-w-block-arguments-value"  # where Wagtail's script finds what a StreamField holds
PLAIN = {
    "number": "1", "date": "2026-01-15", "time": "08:30", "datetime-local": "2026-01-15T08:30",
    "email": "somebody@else.test", "url": "https://example.org/", "tel": "555-0199",
    "color": "#123456",
}  # fmt: skip


class Field(NamedTuple):
    """`value` is None where a browser would send nothing; `options` are all to pick from."""

    name: str
    value: str | None
    kind: str
    options: tuple[str, ...] = ()


class Form(NamedTuple):
    """`buttons` send a name and a value of their own, one at a time."""

    address: str
    method: str
    fields: tuple[Field, ...]
    buttons: tuple[Field, ...] = ()
    is_multipart: bool = False


class Page(NamedTuple):
    forms: tuple[Form, ...] = ()
    links: tuple[str, ...] = ()


def read(content: bytes, address: str) -> Page:
    """Of a page, or of one within JSON, as Wagtail's choosers are."""
    text = content.decode("utf-8", "replace")
    with suppress(ValueError, KeyError, TypeError):
        text = str(json.loads(text)["html"])
    if "<" not in text:
        return Page()
    try:
        tree = html.fromstring(text.replace("\0", ""), parser=html.HTMLParser(huge_tree=True))
    except (etree.ParserError, ValueError):  # an empty answer, or one that is XML
        return Page()
    forms = [form for element in tree.iter("form") for form in of_form(element, address)]
    links = [one for name in ASKING for one in tree.xpath(f"//@{name}")]
    return Page((*forms, *loose(tree, address)), tuple(local(links, address)))


def of_form(element: html.FormElement, address: str) -> Iterator[Form]:
    """The form, and as often again as a button in it sends it elsewhere."""
    owned = f"//*[@form='{element.get('id')}']" if element.get("id") else "self::none"
    parts = [*element.iterdescendants("input", "select", "textarea", "button"),
             *element.xpath(owned)]  # fmt: skip
    fields = [field for part in parts for field in field_of(part)]
    stream = [field for one in element.xpath(f".//*[@{BLOCKS}]") for field in of_stream(one)]
    buttons = tuple(one for one in fields if one.kind == "submit")
    form = Form(
        urljoin(address, element.get("action") or address),
        (element.get("method") or "get").lower(),
        (*_once(one for one in fields if one.kind != "submit"), *stream),
        buttons,
        "multipart" in (element.get("enctype") or ""),
    )
    yield form
    for name in POSTING:
        for target in element.xpath(f"descendant-or-self::*/@{name}"):
            yield form._replace(address=urljoin(address, target), method="post")


def loose(tree: Any, address: str) -> Iterator[Form]:
    """What a script sends by itself, with nothing but what it adds."""
    for name in POSTING:
        for target in tree.xpath(f"//*[not(ancestor-or-self::form)]/@{name}"):
            yield Form(urljoin(address, target), "post", ())


def _once(fields: Iterator[Field]) -> Iterator[Field]:
    """Radio buttons of one name are one field."""
    groups: dict[str, Field] = {}
    for field in fields:
        if field.kind != "radio":
            yield field
        elif (known := groups.get(field.name)) is None:
            groups[field.name] = field
        else:
            value = known.value if field.value is None else field.value
            groups[field.name] = known._replace(
                value=value, options=(*known.options, *field.options)
            )
    for field in groups.values():
        yield field._replace(value=field.options[0] if field.value is None else field.value)


def field_of(part: Any) -> Iterator[Field]:
    name, kind = part.get("name"), (part.get("type") or part.tag).lower()
    if not name:
        return
    if part.tag == "select":
        yield from _selected(part, name)
    elif part.tag == "button" or kind in ("submit", "image"):
        yield Field(name, part.get("value") or "", "submit")
    elif kind in ("checkbox", "radio"):
        value = part.get("value") or "on"
        yield Field(name, value if part.get("checked") is not None else None, kind, (value,))
    elif kind == "file":
        yield Field(name, None, kind)
    else:
        value = part.text or "" if part.tag == "textarea" else part.get("value") or ""
        yield Field(name, value or part.get("min") or PLAIN.get(kind, ""), kind)


def _selected(part: Any, name: str) -> Iterator[Field]:
    options = tuple(one.get("value", one.text or "") for one in part.iter("option"))
    chosen = [one.get("value", one.text or "") for one in part.iter("option")
              if one.get("selected") is not None]  # fmt: skip
    first = [*(one for one in options if one), None][:1]
    for value in chosen or first:
        yield Field(name, value, "select", options)


def of_stream(element: Any) -> Iterator[Field]:
    state = json.loads(element.get(BLOCKS))[0]
    yield from of_block(element.get("id") or "", state)


def of_block(name: str, state: Any) -> Iterator[Field]:
    """What Wagtail's script makes of a block: a counted list, its parts, or one value."""
    if isinstance(state, list) and all(isinstance(one, dict) and "value" in one for one in state):
        yield Field(f"{name}-count", str(len(state)), "hidden")
        for at, one in enumerate(state):
            begin = f"{name}-{at}"
            yield Field(f"{begin}-deleted", "", "hidden")
            yield Field(f"{begin}-order", str(at), "hidden")
            yield from (Field(f"{begin}-{key}", str(one[key] or ""), "hidden")
                        for key in ("type", "id") if key in one)  # fmt: skip
            yield from of_block(f"{begin}-value", one["value"])
    elif isinstance(state, dict) and "id" in state:  # a chooser
        yield Field(name, str(state["id"]), "hidden")
    elif isinstance(state, dict):
        for key, one in state.items():
            yield from of_block(f"{name}-{key}", one)
    else:
        yield Field(name, "" if state is None else str(state), "text")


def local(links: list[str], address: str) -> Iterator[str]:
    for link in links:
        try:
            parts = urlsplit(urljoin(address, link))
        except ValueError:
            continue
        if parts.netloc in ("", "testserver") and parts.path.startswith("/"):
            yield parts._replace(scheme="", netloc="", fragment="").geturl()
