// Puts a canned answer into the message field without leaving the page, below what stands there.
for (const form of document.querySelectorAll("[data-canned]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = document.querySelector(form.dataset.canned);
    const text = form.querySelector("select").selectedOptions[0].dataset.text;
    field.value = [field.value.trimEnd(), text].filter(Boolean).join("\n\n");
    field.focus();
  });
}
