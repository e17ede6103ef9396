/* A long form is saved as it is typed, so that it can be finished another time. */
"use strict";
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const note = form.querySelector("[data-keep-note]");
  const WAIT = 800; // ms after the last change
  let timer = 0;
  let isSent = false;

  async function keep() {
    if (isSent) return;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), redirect: "error" });
      note.textContent = answer.ok ? form.dataset.kept : form.dataset.notKept;
    } catch {
      note.textContent = form.dataset.notKept;
    }
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isSent = true;
  });
  // Whoever leaves within the wait loses nothing either.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || isSent || !timer) return;
    clearTimeout(timer);
    navigator.sendBeacon(form.dataset.keep, new FormData(form));
  });
})();
