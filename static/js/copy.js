/* Copies a text to the clipboard; where that is not allowed, it is selected to copy by hand. */
"use strict";
document.querySelectorAll("[data-copy]").forEach((box) => {
  const text = box.querySelector("textarea");
  const button = box.querySelector("[data-copy-button]");
  const said = box.querySelector("[data-copy-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      said.textContent = box.dataset.copied;
    } catch {
      said.textContent = box.dataset.selected;
    }
  });
});
