"""Requests as Hypothesis draws them: what a page offers to send, with some of it odd."""

import re
from typing import NamedTuple
from urllib.parse import quote_plus

from hypothesis import strategies as st

from tests.fuzz import odd
from tests.fuzz.pages import Field, Form

Pair = tuple[str, str | odd.File]
BOUNDARY = "limit"
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


class Sent(NamedTuple):
    """One request, as `django.test.Client.generic` takes it."""

    method: str
    address: str
    body: bytes = b""
    kind: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        """Python that sends it again; runs of a sign are counted."""
        headers = f", **{dict(self.headers)!r}" if self.headers else ""
        asked = ", ".join(counted(one) for one in (self.method, self.address, self.body, self.kind))
        return f"client.generic({asked}{headers})"


def counted(text: str | bytes) -> str:
    """As Python, what repeats itself as a product."""
    run, at, parts = r"(.{1,9}?)\1{30,}", 0, []
    for found in re.finditer(run if isinstance(text, str) else run.encode(), text, re.DOTALL):
        parts.append(repr(text[at : found.start()]))
        parts.append(f"{found[1]!r} * {len(found[0]) // len(found[1])}")
        at = found.end()
    return " + ".join([*parts, repr(text[at:])])


def encoded(text: str) -> bytes:
    """Half a surrogate pair, too, in the three bytes that some programs send."""
    return text.encode("utf-8", "surrogatepass")


def query(pairs: list[Pair]) -> str:
    return "&".join(
        f"{quote_plus(encoded(name))}={quote_plus(encoded(value))}"
        for name, value in pairs if isinstance(value, str)
    )  # fmt: skip


def multipart(pairs: list[Pair]) -> bytes:
    lines = []
    for name, value in pairs:
        told = f'Content-Disposition: form-data; name="{name}"'
        if isinstance(value, tuple):
            told += f'; filename="{value[0]}"\r\nContent-Type: {value[2]}'
        content = encoded(value) if isinstance(value, str) else value[1]
        lines += [f"--{BOUNDARY}".encode(), encoded(told), b"", content]
    return b"\r\n".join([*lines, f"--{BOUNDARY}--".encode(), b""])


# Hypothesis likes the ends of a range; in the middle of it is what is rare.
rarely = st.integers(0, 16).map(lambda number: number == 7)
now_and_then = st.integers(0, 16).map(lambda number: number in (5, 7, 9))


@st.composite
def headers(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(draw(odd.headers).items())) if draw(now_and_then) else ()


@st.composite
def _changed(draw: st.DrawFn, pair: Pair, field: Field | None) -> list[Pair]:
    """One pair without, twice, renamed, as a file, or with another value; mostly the last."""
    name, value = pair
    rare = ["option", "gone", "twice", "name", "file", "many"]
    how = draw(st.sampled_from(["odd"] * 4 + rare + ["odd"] * 4))
    if how == "gone":
        return []
    if how == "file":
        return [(name, draw(odd.files))]
    if how == "many":
        return [pair] * draw(st.sampled_from([2, 60, 1001]))
    if how == "name":
        near = st.sampled_from([f"{name}[]", name.upper(), f"{name}-0"])
        return [(draw(near | odd.texts), value)]
    if how == "option" and field is not None and field.options:
        return [(name, draw(st.sampled_from(field.options)))]
    new = (name, draw(odd.instead_of(value if isinstance(value, str) else "")))
    return [pair, new] if how == "twice" else [new]


@st.composite
def pairs(draw: st.DrawFn, form: Form, more: tuple[str, ...]) -> list[Pair]:
    """A form filled in, one to three of its values odd (or all), and names that a view asks for."""
    fields = [*form.fields, *([draw(st.sampled_from(form.buttons))] if form.buttons else [])]
    if more and (not fields or draw(now_and_then)):
        named = draw(st.lists(st.sampled_from(more), max_size=4, unique=True))
        fields += [Field(name, "1", "text") for name in named]
    whole = draw(rarely)
    at = st.sets(st.integers(0, max(len(fields) - 1, 0)), min_size=1, max_size=3)
    chosen = set(range(len(fields))) if whole else draw(at)
    found: list[Pair] = []
    for number, field in enumerate(fields):
        if field.kind == "file" and (number in chosen or draw(st.booleans())):
            found.append((field.name, draw(odd.files)))
        elif number in chosen:
            found += draw(_changed((field.name, field.value or ""), field))
        elif field.value is not None:
            found.append((field.name, field.value))
    return found


@st.composite
def asked(draw: st.DrawFn, address: str, forms: list[Form], names: tuple[str, ...]) -> Sent:
    """A GET: a form that asks, or any of the names that its query may have."""
    asking = [form for form in forms if form.method == "get"]
    form = draw(st.sampled_from(asking)) if asking and draw(st.booleans()) else Form("", "get", ())
    sent = query(draw(pairs(form, names))) if names or form.fields else query([("q", "\0")])
    if draw(rarely):
        sent += draw(st.sampled_from(["&=&;=%", "&%zz=%zz", "&a" * 1100, "&\xff=%ff", "&" * 50]))
    path = address.partition("?")[0]
    method = draw(st.sampled_from(["HEAD", "OPTIONS"])) if draw(rarely) else "GET"
    return Sent(method, f"{path}?{sent}", headers=draw(headers()))


@st.composite
def posted(draw: st.DrawFn, address: str, forms: list[Form], names: tuple[str, ...]) -> Sent:
    """A POST: a form of the page, or what a script would send; now and then no form at all."""
    posting = [form for form in forms if form.method != "get"]
    form = draw(st.sampled_from(posting)) if posting else Form(address, "post", ())
    target = form.address or address
    method = draw(st.sampled_from(["PUT", "PATCH", "DELETE"])) if draw(rarely) else "POST"
    if draw(rarely):
        content = draw(st.sampled_from([*odd.DEEP, *odd.JSONS]) | odd.jsons.map(odd.dumped))
        kind = draw(st.sampled_from(["application/json", *odd.CONTENT_TYPES]))
        return Sent(method, target, encoded(content), kind, draw(headers()))
    filled = draw(pairs(form, names))
    has_files = any(isinstance(value, tuple) for _, value in filled)
    as_multipart = form.is_multipart or has_files or draw(now_and_then)
    body, kind = (multipart(filled), MULTIPART) if as_multipart else (query(filled).encode(), FORM)
    if draw(rarely):
        body, kind = draw(_broken(body, kind))
    return Sent(method, target, body, kind, draw(headers()))


@st.composite
def _broken(draw: st.DrawFn, body: bytes, kind: str) -> tuple[bytes, str]:
    """Cut off, with a piece of it replaced, or under another name."""
    how, at = draw(st.integers(0, 3)), draw(st.integers(0, len(body)))
    if how == 0:
        return body[:at], kind
    if how == 1:
        return body[:at] + draw(st.binary(max_size=20)) + body[at + 5 :], kind
    if how == 2:
        return body.replace(b"form-data", b"attachment", 1).replace(b"\r\n\r\n", b"\r\n", 1), kind
    return body, draw(st.sampled_from(odd.CONTENT_TYPES))
