/* The editors of programs and plans: swapped whole after each saved change.
   Dragging a line does what its Up and Down buttons do. A failed save says so. */
"use strict";
(() => {
  let dragged = null;

  const editorOf = () => document.getElementById("editor");
  const lineOf = (event) => (event.target.closest ? event.target.closest("[data-drag]") : null);
  const sameGroup = (over) => dragged && over && over.dataset.group === dragged.dataset.group;

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.matches("[data-drag]") ? event.target : null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    if (sameGroup(lineOf(event))) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const over = lineOf(event);
    if (!sameGroup(over) || over === dragged) return;
    event.preventDefault();
    const editor = editorOf();
    window.htmx.ajax("POST", editor.dataset.address || window.location.pathname, {
      target: "#editor",
      swap: "outerHTML",
      values: {
        ...Object.fromEntries(new URLSearchParams(dragged.dataset.drag)),
        stamp: editor.dataset.stamp,
        to: over.dataset.number,
        csrfmiddlewaretoken: editor.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
  });

  function say() {
    const editor = editorOf();
    let note = editor.querySelector(".unsaved");
    if (!note) {
      note = document.createElement("p");
      note.className = "field-error unsaved";
      note.setAttribute("role", "alert");
      editor.prepend(note);
    }
    note.textContent = "Not saved: no connection, or you were logged out. What you typed is still here.";
  }
  document.addEventListener("htmx:sendError", say);
  document.addEventListener("htmx:responseError", say);

  /* What was typed or ticked while a save was under way is not in the new content: it is put back,
     and sent once its field is left. */
  const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const savedIn = (field) => (field.type === "checkbox" ? field.defaultChecked : field.defaultValue);
  const keyOf = (field) => field.id || [field.form && field.form.id, field.name, field.value].join(" ");
  const fields = () => [...document.querySelectorAll("#editor :is(input, textarea):not([type=hidden])")];
  const sent = new WeakMap();
  const unsent = new WeakSet();

  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest("form");
    if (form) [...form.elements].forEach((field) => sent.set(field, valueOf(field)));
  });
  let kept = [];
  function keep() {
    kept = fields()
      .filter((field) => valueOf(field) !== savedIn(field) && valueOf(field) !== sent.get(field))
      .filter((field) => field.type !== "search" || field === document.activeElement)
      .map((field) => ({
        key: keyOf(field),
        value: valueOf(field),
        focused: field === document.activeElement,
        start: field.selectionStart,
      }));
  }
  function putBack() {
    const byKey = new Map(fields().map((field) => [keyOf(field), field]));
    kept.forEach(({ key, value, focused, start }) => {
      const field = byKey.get(key);
      if (!field) return;
      if (field.type === "checkbox") field.checked = value;
      else field.value = value;
      if (focused) {
        field.focus();
        if (start !== null && start !== undefined) field.setSelectionRange(start, start);
        unsent.add(field);
      } else {
        left.push(field);
      }
    });
  }
  // Not before the new forms are wired up. What has to wait for another save is kept once more.
  let left = [];
  document.addEventListener("htmx:afterSettle", () => {
    const now = left.filter((field) => field.isConnected);
    left = [];
    now.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
  });
  document.addEventListener("change", (event) => unsent.delete(event.target), true);
  document.addEventListener("focusout", (event) => {
    if (!unsent.delete(event.target)) return;
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // What is open stays open and what is folded stays folded, though its content is new.
  let folds = new Map();
  let held = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "editor") return;
    keep();
    const field = document.activeElement;
    const isOurs = field && field.matches("#editor [id]");
    held = isOurs ? { id: field.id, start: field.selectionStart, end: field.selectionEnd } : null;
    folds = new Map([...document.querySelectorAll("#editor details[id]")].map((one) => [one.id, one.open]));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "editor") return;
    document.querySelectorAll("#editor details[id]").forEach((one) => {
      if (folds.has(one.id)) one.open = folds.get(one.id);
    });
    holdOn();
    putBack();
    const phone = document.getElementById("phone");
    if (phone) phone.contentWindow.location.reload();
    const asked = event.detail.requestConfig && event.detail.requestConfig.parameters;
    if (asked && asked.get) stay(asked.get("do"), asked.get("place"));
  });

  // htmx keeps the focus, but for what was folded at that moment.
  function holdOn() {
    const field = held && document.getElementById(held.id);
    if (!field || field === document.activeElement) return;
    field.focus({ preventScroll: true });
    if (typeof held.start === "number") field.setSelectionRange(held.start, held.end);
  }

  // A link to a line unfolds the phase that the line is in.
  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("#editor a[href^='#']") : null;
    const fold = link && document.getElementById(link.hash.slice(1))?.closest("details");
    if (fold) fold.open = true;
  });

  // A search that was still under way may take the focus with it.
  let searching = null;
  document.addEventListener("htmx:afterSettle", () => {
    if (searching && document.activeElement === document.body) document.getElementById(searching)?.focus();
    searching = null;
  });
  // The keyboard stays where it was: in the search box, or on the line that changed.
  function stay(what, place) {
    if (what.startsWith("add")) {
      searching = `${place}-search`;
      document.getElementById(searching)?.focus();
      return;
    }
    if (document.activeElement && document.activeElement !== document.body) return;
    // The button that was pressed is gone, as 'Up' is on the first line.
    document.getElementById(place)?.querySelector(".line__moves button, .line__more button")?.focus();
  }
})();
