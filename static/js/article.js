/* An article's small conveniences: print, copy the link, answer without leaving the page. */
"use strict";
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const said = document.querySelector("[data-copied]");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = said.dataset.done;
    } catch {
      said.textContent = `${said.dataset.failed} ${button.dataset.copy}`;
    }
  });
});
/* An area of the foot and its nerve's name light up together. */
document.querySelectorAll("[data-nerve-map]").forEach((map) => {
  const parts = [...map.querySelectorAll("[data-area]")];
  const light = (area) => parts.forEach((one) => one.classList.toggle("is-lit", one.dataset.area === area));
  map.classList.add("nerve-map--live");
  map.querySelectorAll("li[data-area]").forEach((one) => {
    one.tabIndex = 0;
    one.addEventListener("focus", () => light(one.dataset.area));
  });
  map.addEventListener("click", (event) => light(event.target.closest("[data-area]")?.dataset.area));
});
document.querySelectorAll("form[data-helpful]").forEach((form) => {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[role=status]");
    const body = new URLSearchParams({ helpful: event.submitter.value });
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      await answer.text(); // an unread answer keeps its connection open
      if (!answer.ok) throw new Error(answer.status);
      said.textContent = said.dataset.done;
      form.querySelectorAll("button").forEach((button) => button.remove());
    } catch {
      said.textContent = said.dataset.failed;
    }
  });
});
