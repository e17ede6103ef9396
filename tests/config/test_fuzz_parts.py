"""What is sent to every address: pages are read as browsers read them, and values are odd."""

import json

from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import odd, sends
from tests.fuzz.pages import Field, Form, read
from tests.fuzz.places import everywhere, filled_pattern, odd_address, route_of
from tests.fuzz.sends import Sent

PAGE = b"""<a href="?show=all"></a><a href="https://elsewhere.test/?x=1"></a>
<form action="../save/" method="post" enctype="multipart/form-data">
 <input type="hidden" name="stamp" value="7"><input type="number" name="sets" min="2">
 <input type="checkbox" name="seen" value="yes"><input type="checkbox" name="kept" checked>
 <input type="radio" name="side" value="left"><input type="radio" name="side" value="right" checked>
 <select name="nerve"><option value="">-<option value="tibial">Tibial</select>
 <textarea name="note">Fine</textarea><input type="file" name="picture"><input name="">
 <button name="do" value="end" formaction="/end/">End</button>
</form><button hx-post="/loose/"></button>
<div id="body" data-w-block-arguments-value='[[{"type": "text", "value": {"words": "{}"},
 "id": "a"}], null]'></div>"""


def test_a_page_is_read_as_a_browser_fills_it_in():
    form, elsewhere, loose = read(PAGE, "/a/b/").forms
    assert (form.address, form.method, form.is_multipart) == ("/a/save/", "post", True)
    assert set(form.fields) == {
        Field("stamp", "7", "hidden"),
        Field("sets", "2", "number"),
        Field("seen", None, "checkbox", ("yes",)),
        Field("kept", "on", "checkbox", ("on",)),
        Field("side", "right", "radio", ("left", "right")),
        Field("nerve", "tibial", "select", ("", "tibial")),
        Field("note", "Fine", "textarea"),
        Field("picture", None, "file"),
    }
    assert form.buttons == (Field("do", "end", "submit"),)
    assert (elsewhere.address, elsewhere.fields) == ("/end/", form.fields)
    assert (loose.address, loose.method, loose.fields) == ("/loose/", "post", ())


def test_links_within_the_site_are_read():
    assert [one for one in read(PAGE, "/a/b/").links if "?" in one] == ["/a/b/?show=all"]


def test_a_block_of_wagtails_editor_is_read_as_its_script_sends_it():
    form = PAGE.replace(b"</form>", b"").replace(b"</div>", b"</div></form>")
    found = {field.name: field.value for field in read(form, "/").forms[0].fields}
    assert {name: found[name] for name in found if name.startswith("body")} == {
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "text",
        "body-0-id": "a", "body-0-value-words": "{}",
    }  # fmt: skip


def test_a_page_within_json_is_read_and_what_is_none_holds_nothing():
    told = json.dumps({"html": PAGE.decode()}).encode()
    assert read(told, "/a/b/").forms == read(PAGE, "/a/b/").forms
    for content in (
        b"",
        b"ok",
        b"\xff\0",
        b'{"html": 1}',
        b"<?xml version='1.0' encoding='x'?><a/>",
    ):
        assert read(content, "/").forms == ()


def test_every_address_is_known_and_each_key_can_be_odd():
    places = everywhere()
    assert len(places) > 400
    assert {place.door for place in places} == {"", "account", "portal", "workspace", "cms", "fhir"}
    for place in places:
        if place.has_keys:
            odd_address(place).validate()


def test_an_address_that_a_pattern_takes():
    route = r"cms/x/history/(?P<pk>.+)/revisions/compare/(?P<a>live|\d+)\.\.\.(?P<b>live|latest)/$"
    assert filled_pattern(route, 7) == "cms/x/history/7/revisions/compare/live...live/"
    assert route_of("/workspace/answers/add/?x=1") == "workspace/answers/add/"
    assert route_of("/workspace/no/such/") != "workspace/no/such/"


@given(st.data())
def test_a_request_is_sent_and_printed_as_it_is(data):
    form = Form("/x/", "post", (Field("a", "1", "text"), Field("b", '{"c": [1]}', "hidden")))
    for strategy in (sends.asked, sends.posted):
        sent = data.draw(strategy("/x/", [form, form._replace(method="get")], ("q",)))
        told = dict(sent.headers)
        request = RequestFactory().generic(sent.method, sent.address, sent.body, sent.kind, **told)
        assert request.path == "/x/"
        assert eval(repr(sent), {"client": Again}) == sent


class Again:
    @staticmethod
    def generic(method, address, body, kind, **headers):
        return Sent(method, address, body, kind, tuple(sorted(headers.items())))


@given(odd.changed_json('{"a": [1, {"b": null}], "c": "x"}'))
def test_a_document_is_changed_or_cut(text):
    assert text != '{"a": [1, {"b": null}], "c": "x"}' or json.loads(text)


def test_a_form_is_read_by_django_as_it_was_drawn():
    pairs = [("a", "x\0"), ("a", "ü"), ("file", ("n.png", b"\0\r\n", "image/png"))]
    body = sends.multipart(pairs)
    request = RequestFactory().generic("POST", "/", body, sends.MULTIPART)
    assert request.POST.getlist("a") == ["x\0", "ü"]
    assert request.FILES["file"].read() == b"\0\r\n"
    request = RequestFactory().generic("POST", "/", sends.query(pairs).encode(), sends.FORM)
    assert request.POST.getlist("a") == ["x\0", "ü"]
