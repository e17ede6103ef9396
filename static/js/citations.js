/* A citation's references, shown where it stands: on hover, focus or tap. Without this script the
   mark is a link to the list. The note is placed by CSS alone: below its line, or at the foot of a
   phone's screen. */
"use strict";
(() => {
  const DELAY = 200; // ms, so that the pointer can cross from the mark to the note
  let open = null; // { mark, note }
  let timer;

  function entry(id) {
    const reference = document.getElementById(id);
    const item = document.createElement("li");
    item.value = Number(id.slice("ref-".length));
    item.append(...reference.querySelector(".reference__text").cloneNode(true).childNodes);
    return item;
  }
  function made(mark) {
    const note = document.createElement("span");
    note.className = "cite-note";
    note.id = "cite-note";
    note.setAttribute("role", "group");
    note.setAttribute("aria-label", mark.textContent.replace(/[[\]]/g, ""));
    const list = document.createElement("ol");
    list.append(...mark.dataset.references.split(" ").map(entry));
    const words = document.querySelector(".references").dataset;
    const foot = document.createElement("span");
    foot.className = "cite-note__foot";
    const toList = document.createElement("a");
    toList.href = mark.getAttribute("href");
    toList.textContent = words.toList;
    toList.addEventListener("click", close);
    const leave = document.createElement("button");
    leave.type = "button";
    leave.textContent = words.close;
    leave.addEventListener("click", () => {
      close();
      mark.focus({ preventScroll: true });
    });
    foot.append(toList, leave);
    note.append(list, foot);
    return note;
  }
  function show(mark) {
    clearTimeout(timer);
    if (open && open.mark === mark) return;
    close();
    const note = made(mark);
    mark.after(note);
    mark.setAttribute("aria-expanded", "true");
    mark.setAttribute("aria-controls", note.id);
    open = { mark, note };
  }
  function close() {
    clearTimeout(timer);
    if (!open) return;
    open.mark.setAttribute("aria-expanded", "false");
    open.mark.removeAttribute("aria-controls");
    open.note.remove();
    open = null;
  }
  const markOf = (target) => (target instanceof Element ? target.closest(".cite") : null);
  const isInside = (target) =>
    open && target instanceof Node && (open.note.contains(target) || open.mark.contains(target));

  document.querySelectorAll(".cite").forEach((mark) => mark.setAttribute("aria-expanded", "false"));
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const mark = markOf(event.target);
    if (mark || isInside(event.target)) clearTimeout(timer);
    if (mark && !(open && open.mark === mark)) timer = setTimeout(() => show(mark), DELAY / 2);
    else if (open && !isInside(event.target)) timer = setTimeout(close, DELAY);
  });
  document.addEventListener("focusin", (event) => {
    const mark = markOf(event.target);
    // After 'Close' the mark has the focus again and stays closed until it is asked for.
    if (mark && mark.matches(":focus-visible") && !event.relatedTarget?.closest?.(".cite-note")) show(mark);
    else if (!isInside(event.target)) close();
  });
  /* A tap opens the note instead of leaving the sentence; Enter and a mouse's click go to the list. */
  document.addEventListener("click", (event) => {
    const mark = markOf(event.target);
    if (mark && event.pointerType !== "mouse" && event.detail > 0) {
      event.preventDefault();
      const wasOpen = open && open.mark === mark && open.tapped;
      if (wasOpen) close();
      else {
        show(mark);
        open.tapped = true;
      }
    } else if (mark || !isInside(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    const { mark } = open;
    if (open.note.contains(document.activeElement)) mark.focus({ preventScroll: true });
    close();
  });
})();
