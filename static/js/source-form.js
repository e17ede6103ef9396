/* 'Fill from DOI or PubMed number' in a source's form: fills what is empty, says what happened. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector("[data-fill]");
  if (!panel) return;
  const button = panel.querySelector("[data-fill-button]");
  const said = panel.querySelector("[data-fill-said]");
  const field = (name) => document.querySelector(`[name="${name}"]`);

  function put(name, value) {
    const input = field(name);
    if (!input) return false;
    if (input.type === "checkbox") {
      if (input.checked || !value) return false;
      input.checked = true;
    } else {
      // The kind of a new source has a first choice from the start; all else is filled where empty.
      const isFirstChoice = input.tagName === "SELECT" && !panel.dataset.own;
      if (input.value.trim() && !isFirstChoice) return false;
      input.value = value;
    }
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
  function tell(answer) {
    if (answer.known) {
      const link = document.createElement("a");
      link.href = answer.address;
      link.textContent = answer.known;
      said.replaceChildren("We have this work already: ", link);
    } else if (answer.problem) {
      said.textContent = answer.problem;
    } else {
      const filled = Object.entries(answer.fields).filter(([name, value]) => put(name, value)).length;
      said.textContent = `${filled} fields filled. Compare them with the work before you save.`;
    }
  }
  button.addEventListener("click", async () => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    const body = new URLSearchParams({ doi: field("doi").value, pmid: field("pmid").value, own: panel.dataset.own });
    button.disabled = true;
    said.textContent = "Asking…";
    try {
      const answer = await fetch(panel.dataset.fill, { method: "POST", headers: { "X-CSRFToken": token.value }, body });
      if (!answer.ok && answer.status !== 429) throw new Error(String(answer.status));
      tell(await answer.json());
    } catch {
      said.textContent = "Could not ask. Nothing you typed is lost; type the details instead.";
    }
    button.disabled = false;
  });
});
