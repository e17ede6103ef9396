/* The reading grade beside a field for patients, a moment after typing stops. */
"use strict";
function watchReading(field) {
  const said = document.createElement("p");
  said.className = "reading-grade";
  said.setAttribute("role", "status");
  field.insertAdjacentElement("afterend", said);
  let timer;
  async function ask() {
    const body = new URLSearchParams({ text: field.value });
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    try {
      const answer = await fetch(field.dataset.readingGrade, {
        method: "POST",
        headers: { "X-CSRFToken": token ? token.value : "" },
        body,
      });
      said.textContent = answer.ok ? (await answer.json()).verdict : "";
    } catch {
      said.textContent = "";
    }
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 500);
  });
  if (field.value) ask();
}
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-reading-grade]").forEach(watchReading);
});
