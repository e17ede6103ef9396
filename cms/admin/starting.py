"""How the widgets of Wagtail's admin start without inline scripts.

Wagtail 7.4 writes `<script>new PageChooser("id_x", …);</script>` behind its choosers, date fields
and inline panels. A policy that lets these run lets anybody's inline script run; a nonce would not
help, as dialogs and added forms bring their scripts into a page that has another one. So an element
that names what to start stands in their place, and `static/js/admin-start.js` starts it. The
templates below `templates/wagtailadmin` do it for date fields and panels, this module for choosers.
"""

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def element(call: str, id_: str, options: dict[str, Any] | None = None) -> SafeString:
    """What starts a widget: the name of Wagtail's function or class, and what it is given."""
    given = {"call": call, "id": id_, "options": options and json.dumps(options)}
    return mark_safe(render_to_string("cms/admin/start.html", given).strip())


def _options_of(chooser: BaseChooser, id_: str, name: str, data: Any) -> SafeString:
    return element(chooser.js_constructor, id_, chooser.get_js_init_options(id_, name, data))


def _render(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any], renderer: Any = None
) -> SafeString:
    """As `BaseChooser.render`, with the element in the place of the script."""
    data = self.get_value_data(value)
    start = self.render_js_init(attrs["id"], name, data)
    return format_html("{}{}", mark_safe(self.render_html(name, data, attrs)), start)


def start_without_scripts() -> None:
    """For all choosers. One that writes JavaScript of its own would show it as text: it needs
    an entry here.
    """
    BaseChooser.render_js_init = _options_of
    BaseChooser.render = _render
    AdminTaskChooser.render_js_init = lambda self, id_, name, data: element(
        "createTaskChooser", id_
    )
