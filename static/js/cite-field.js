/* A field of sources in Wagtail's forms: short citations, and the dialog that chooses them. Without this script
   it is a list to choose from. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const { Chooser, known } = window.footingSources;

  function start(select) {
    const listed = document.createElement("ul");
    const button = document.createElement("button");
    listed.className = "cite-field__listed";
    button.type = "button";
    button.className = "button button-small button-secondary";
    const chosen = () => [...select.selectedOptions];

    function draw() {
      listed.replaceChildren(...chosen().map((option) => {
        const line = document.createElement("li");
        line.textContent = option.textContent;
        return line;
      }));
      button.textContent = chosen().length ? "Change the sources" : "Choose sources";
    }
    /* One that was added to the sources after this page was opened is not in its list yet. */
    function optionOf(key) {
      const found = [...select.options].find((option) => option.dataset.key === key);
      const source = known.get(key);
      if (found || !source) return found;
      const made = new Option(`${source.short}: ${source.title}`, source.pk);
      made.dataset.key = key;
      select.add(made);
      return made;
    }
    button.addEventListener("click", () => {
      new Chooser(chosen().map((option) => option.dataset.key), (keys) => {
        button.focus();
        if (!keys) return;
        chosen().forEach((option) => { option.selected = false; });
        keys.map(optionOf).filter(Boolean).forEach((option) => { option.selected = true; });
        draw();
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }, { mayBeEmpty: true, verb: "Choose" });
    });
    select.hidden = true;
    select.after(listed, button);
    draw();
  }
  document.querySelectorAll("[data-cite-field]").forEach(start);
});
