/* Dragging a line does what its Up and Down buttons do. A failed save says so. */
"use strict";
(() => {
  let dragged = null;

  function lineOf(event) {
    return event.target.closest ? event.target.closest(".line--program") : null;
  }

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.matches(".line--program") ? event.target : null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const over = lineOf(event);
    if (dragged && over && over.dataset.phase === dragged.dataset.phase) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const over = lineOf(event);
    if (!dragged || !over || over === dragged || over.dataset.phase !== dragged.dataset.phase) return;
    event.preventDefault();
    const editor = document.getElementById("editor");
    window.htmx.ajax("POST", window.location.pathname, {
      target: "#editor",
      swap: "outerHTML",
      values: {
        do: "move_row",
        stamp: editor.dataset.stamp,
        phase: dragged.dataset.phase,
        exercise: dragged.dataset.exercise,
        to: over.dataset.number,
        csrfmiddlewaretoken: editor.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
  });

  function say() {
    const editor = document.getElementById("editor");
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
  // The keyboard stays where it was: in the search box, or on the line that moved.
  document.addEventListener("htmx:afterSwap", (event) => {
    const asked = event.detail.requestConfig && event.detail.requestConfig.parameters;
    if (event.detail.target.id !== "editor" || !asked || !asked.get) return;
    if (asked.get("do") === "add_row") {
      document.getElementById(`phase-${asked.get("phase")}-search`)?.focus();
    } else if (document.activeElement.tagName !== "INPUT" && !document.activeElement.closest(".line__more")) {
      // The button that was pressed is gone, as 'Up' is on the first line.
      const line = document.getElementById(`row-${asked.get("phase")}-${asked.get("exercise")}`);
      line?.querySelector(".line__more button")?.focus();
    }
  });
})();
