"""Values that no page expects, as Hypothesis draws them."""

import json
from typing import Any

from hypothesis import strategies as st

File = tuple[str, bytes, str]  # its name, its content, what it is said to be

NUMBERS = [
    "9" * 5000, "-1", "0", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "-Infinity",
    "2147483648",
    "9223372036854775808", "-9223372036854775809", "1.5", "1,5", "1_000", "0x10", "½", "²", "٣",
    "+1", " 1 ", "1" + "0" * 60, "0." + "0" * 60 + "1", "1E+2", ".", "-",
]  # fmt: skip
DATES = [
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2024-02-30", "2023-02-29", "24:60",
    "9999-12-31T23:59:59", "9999-12-31 23:59", "0001-01-01 00:00", "31/12/9999", "-0001-01-01",
    "99999999999999999-1-1", "2026-W54", "٢٠٢٦-٠١-٠١",
]  # fmt: skip
SIGNS = [
    "\0", "Half\0way", "\ud800", "half \udfff pair", "\u202eright to left", "a" + "\u0301" * 500,
    "", " ", "\t", "\r\n\r\nX: y", "\x1b[2J", "\x85\u2028\u2029", "\ufffe\uffff",
    "👩‍👩‍👧‍👦" * 50, "ß" * 300,
    "İ" * 300, "x" * 300, "x" * 40_000, "ﷺ" * 2_000,
]  # fmt: skip
KEYS = [
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{00000000-0000-4000-8000-000000000005}", "urn:uuid:" + "0" * 32, "None", "null", "undefined",
    "on", "true", "__all__", "pk", "-pk", "?", "id__in", "a:b:c", "1:", ":1", "1-1", "1,1", ",",
    "1.1.1", "live", "latest", "root", "__class__", "cms.articlepage", "no.such.model", "en", "xx",
]  # fmt: skip
ADDRESSES = [
    "http://[", "//[", "http://a..b/", "http://x:99999/", "javascript:1", "//evil.test",
    "/\\evil.test",
    "../../etc/passwd", "/cms/\0", "https://" + "a." * 200 + "test", "mailto:", "a@b",
    "a@" + "b" * 300,
    '"a b"@[::1]', "a@b.test\r\nBcc: c@d.test", "%", "%00", "%ff", "%s%n", "{0.__class__}",
    "{{ 7 * 7 }}", "<script>", "']\"", "\\", "=1+1", "*", "&=&", "https://doi.org/10.1/\0",
]  # fmt: skip
DEEP = ["[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000]
JSONS = [
    "null", "[]", "{}", "true", "1", '"x"', "[null]", "[[]]", "[{}]", "{", '{"a"',
    "[1e999]", "NaN",
    '"\\ud800"', '["\\u0000"]', '[{"type": null}]', '{"blocks": null, "entityMap": null}',
    '{"blocks": [{}], "entityMap": {}}', '{"blocks": [{"text": 1, "type": [], "depth": "x"}]}',
    '[{"type": "paragraph", "value": {}}]', '{"id": []}', '{"id": {"a": 1}}', '{"pk": "x"}',
    "[" + "9" * 5000 + "]",
]  # fmt: skip

texts = st.one_of(
    *(st.sampled_from(kind) for kind in (SIGNS, NUMBERS, DATES, KEYS, ADDRESSES, JSONS, DEEP)),
    st.text(st.characters(), max_size=40),
    st.integers().map(str),
    st.dates().map(str),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -1, 1e308, float("inf"), float("nan"), -0.0]),
    st.sampled_from([*SIGNS, *NUMBERS[1:], *DATES, *KEYS, *ADDRESSES]),
)
jsons = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def dumped(value: Any) -> str:
    """Whole numbers of any length, too, which Python writes to 4,300 digits only."""
    try:
        return json.dumps(value)
    except ValueError:
        return "9" * 5000


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value within a JSON document, its own first."""
    found = [path]
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            found += places(one, (*path, key))
    return found


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = value.copy()
    changed[path[0]] = replaced(value[path[0]], path[1:], new)
    return changed


@st.composite
def changed_json(draw: st.DrawFn, text: str) -> str:
    """A document with one value of another kind, or one that ends too early."""
    if draw(st.booleans()):
        return text[: draw(st.integers(0, len(text)))]
    value = json.loads(text)
    path = draw(st.sampled_from(places(value)))
    return dumped(replaced(value, path, draw(jsons)))


def instead_of(value: str) -> st.SearchStrategy[str]:
    """What is sent in the place of a value: of another kind, or nearly the same."""
    if value[:1] in ("{", "["):
        try:
            json.loads(value)
        except ValueError:
            return texts
        return changed_json(value) | texts
    if not value:
        return texts
    around = st.sampled_from([value[:-1], value + "\0", value * 2, value.swapcase(), f" {value}"])
    return texts | around


# Headers as a server passes them on: no NUL and no line break comes through one.
_header = texts.map(
    lambda text: "".join(
        sign for sign in text[:4000].encode("utf-8", "surrogatepass").decode("latin-1")
        if sign >= " " and sign != "\x7f"
    )
)  # fmt: skip
HEADERS = [
    "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT", "HTTP_COOKIE", "HTTP_REFERER", "HTTP_ORIGIN",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_REQUESTED_WITH", "HTTP_HX_REQUEST", "HTTP_HX_TARGET",
    "HTTP_HX_CURRENT_URL", "HTTP_HX_TRIGGER", "HTTP_HX_PROMPT", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_ACCEPT_ENCODING", "HTTP_USER_AGENT",
    "HTTP_SEC_FETCH_SITE", "HTTP_X_CSRFTOKEN", "HTTP_AUTHORIZATION",
]  # fmt: skip
_LIKELY = [
    "true", "application/json", "text/html;q=x", "XMLHttpRequest", "bytes=0-", "bytes=9-1,-", "es",
    "es-MX;q=0.9, *;q=x", "sessionid=x; csrftoken=y", "messages=W10:x; sessionid=", 'W/"',
    "gzip;q=",
    "http://[::1", "Thu, 99 Foo 9999 99:99:99 GMT", "cross-site", "Basic x", "a=b; c",
    "same-origin",
]  # fmt: skip
headers = st.dictionaries(
    st.sampled_from(HEADERS), st.sampled_from(_LIKELY) | _header, min_size=1, max_size=3
)
CONTENT_TYPES = [
    "application/json", "text/plain", "", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\xe9", "multipart/form-data; boundary=" + "b" * 300,
    "application/x-www-form-urlencoded; charset=utf-16", "application/json; charset=no-such",
    "application/x-www-form-urlencoded; charset=no-such", "/;;=", "multipart/mixed; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-8",
]  # fmt: skip

PNG = b"\x89PNG\r\n\x1a\n"
GIF = (
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0"
    b"\x01\0\x01\0\0\x02\x02D\x01\0;"
)
CONTENTS = [
    b"", b"\0" * 64, PNG, PNG + b"\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\2\0\0\0", GIF,
    GIF[:20], b"\xff\xd8\xff\xe0",
    b"\xff\xd8\xff\xe1\0\x10Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"%PDF-1.7",
    b"RIFF\xff\xff\xff\xffWEBPVP8X", b"II*\0\xff\xff\xff\xff", b"\0\0\0 ftypavif",
    b"\0\0\0\x18ftypheic",
    b"\0\0\0\x18ftypmp42", b"<svg onload='x'>", b"PK\3\4", b"a,b\n\0,\xff\n", b"\xff\xfe\0\xd8",
    b"title: [", b"{" * 5000, b"- " * 3000, b"&a [*a]", b"!!python/object:os.system {}",
    b"x: " + b"9" * 5000,
    b'{"a": "\\ud800"}', b"\x1a\x45\xdf\xa3", b"null", b"[]", b'{"phases": 1}',
]  # fmt: skip
FILE_NAMES = [
    "a.png", "a.gif", "a.jpg", "a.pdf", "a.mp4", "a.json", "a.csv", "a.yaml", "a.svg", "",
    ".", "..",
    "../../x.png", "a\0.png", "x" * 300 + ".png", "\ud800.png", "\u202egnp.exe",
    "a/b\\c.png", "noext",
    "a.webp", "a.avif", "a.PNG ", 'a";x="y.png', "a\r\nb.png", "é" * 200 + ".gif",
]  # fmt: skip
FILE_TYPES = ["image/png", "image/jpeg", "text/html", "", "x", "video/mp4", "image/png; charset=x"]
files = st.tuples(
    st.sampled_from(FILE_NAMES), st.sampled_from(CONTENTS), st.sampled_from(FILE_TYPES)
)
