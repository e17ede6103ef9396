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

  // What is open stays open, though its content is new.
  let open = [];
  document.addEventListener("htmx:beforeSwap", () => {
    const all = [...document.querySelectorAll("#editor details")];
    open = all.map((one, index) => [index, one.open]).filter(([, isOpen]) => isOpen).map(([index]) => index);
    if (all.length) open.count = all.length;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "editor") return;
    const all = [...document.querySelectorAll("#editor details")];
    if (all.length === open.count) open.forEach((index) => { all[index].open = true; });
    const phone = document.getElementById("phone");
    if (phone) phone.contentWindow.location.reload();
    const asked = event.detail.requestConfig && event.detail.requestConfig.parameters;
    if (asked && asked.get) stay(asked.get("do"), asked.get("place"));
  });

  // The keyboard stays where it was: in the search box, or on the line that changed.
  function stay(what, place) {
    if (what.startsWith("add")) {
      document.getElementById(`${place}-search`)?.focus();
      return;
    }
    if (document.activeElement && document.activeElement !== document.body) return;
    // The button that was pressed is gone, as 'Up' is on the first line.
    document.getElementById(place)?.querySelector(".line__more button")?.focus();
  }
})();
