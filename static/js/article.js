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
