/* The reading grade of a whole article, a moment after typing in its body stops. */
"use strict";
function watchPage(box) {
  const said = box.querySelector("[role=status]");
  const form = box.closest("form");
  let timer;
  function words() {
    const body = form.querySelector("#panel-child-content-body-section, [data-contentpath='body']");
    if (!body) return "";
    const fields = body.querySelectorAll(".public-DraftEditor-content, textarea:not([name*=-id]), input[type=text]");
    return [...fields]
      .filter((field) => field.offsetParent !== null)
      .map((field) => (field.value === undefined ? field.innerText : field.value))
      .join("\n");
  }
  async function ask() {
    const text = words();
    if (!text.trim()) return;
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    try {
      const answer = await fetch(box.dataset.pageGrade, {
        method: "POST",
        headers: { "X-CSRFToken": token ? token.value : "" },
        body: new URLSearchParams({ text, whole: "1" }),
      });
      if (answer.ok) said.textContent = (await answer.json()).verdict;
    } catch {
      said.textContent = "";
    }
  }
  form.addEventListener("keyup", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 1000);
  });
}
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-page-grade]").forEach(watchPage);
});
