/* Starts what Wagtail's admin otherwise starts from inline scripts (cms/admin/starting.py).

   A custom element runs when the browser meets it, as an inline script does: in the page, in a form
   that is added, in a dialog. It can name these functions only, so markup that somebody brought into
   a page runs no code of theirs. */
"use strict";
(() => {
  const CALLED = ["initDateChooser", "initTimeChooser", "initDateTimeChooser", "createTaskChooser"];
  const MADE = [
    "InlinePanel",
    "MultipleChooserPanel",
    "Chooser",
    "PageChooser",
    "ImageChooser",
    "DocumentChooser",
    "SnippetChooser",
  ];

  customElements.define(
    "footing-start",
    class extends HTMLElement {
      connectedCallback() {
        if (this.started) return; // it was moved
        this.started = true;
        const { call, id, options } = this.dataset;
        /* Escaped as in a JavaScript string: Wagtail's InlinePanel looks for that where it numbers a new form. */
        const given = options && JSON.parse(JSON.parse(`"${options}"`));
        const sent = [id, given].filter((one) => one !== undefined);
        if (CALLED.includes(call)) window[call](...sent);
        else if (MADE.includes(call)) new window[call](...sent);
        else throw new Error(`footing-start starts no ${call}`);
      }
    },
  );
})();
