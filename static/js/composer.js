/* The preview follows each saved line; a failed save says so instead of staying silent. */
"use strict";
document.body.addEventListener("htmx:afterSwap", () => {
  const phone = document.getElementById("phone");
  if (phone) phone.contentWindow.location.reload();
});
function say(event) {
  const line = event.target.closest(".line");
  if (!line) return;
  let note = line.querySelector(".unsaved");
  if (!note) {
    note = document.createElement("p");
    note.className = "field-error unsaved";
    note.setAttribute("role", "alert");
    line.prepend(note);
  }
  note.textContent = "Not saved: no connection, or you were logged out. What you typed is still here.";
}
document.body.addEventListener("htmx:sendError", say);
document.body.addEventListener("htmx:responseError", say);
