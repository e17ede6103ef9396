/* One step a screen. Without this script the same form is one long page. */
"use strict";
(() => {
  const form = document.querySelector("form[data-steps]");
  if (!form) return;
  const steps = [...form.querySelectorAll("[data-step]")];
  const count = steps.length;
  const firstError = steps.findIndex((step) => step.querySelector(".field-error"));

  steps.forEach((step, index) => {
    const place = document.createElement("p");
    place.className = "soft";
    place.textContent = `${index + 1} of ${count}`;
    step.prepend(place);
    let nav = step.querySelector(".step__nav");
    if (!nav) {
      nav = document.createElement("div");
      nav.className = "step__nav";
      step.append(nav);
    }
    if (index > 0) nav.prepend(button("Back", "button", () => history.back()));
    if (index < count - 1) {
      nav.append(button("Next", "button button--primary", () => { location.hash = `step-${index + 2}`; }));
    }
  });

  function button(text, classes, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = classes;
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  }

  function current() {
    const match = /^#step-(\d+)$/.exec(location.hash);
    const number = match ? Number(match[1]) - 1 : Math.max(firstError, 0);
    return Math.min(Math.max(number, 0), count - 1);
  }

  function show(focus) {
    const now = current();
    steps.forEach((step, index) => { step.hidden = index !== now; });
    warnAboutSafety();
    if (focus) {
      steps[now].querySelector("h2").focus();
      window.scrollTo(0, 0);
    }
  }

  /* Enter in an answer goes on; only the last step's button sends the form. */
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || current() === count - 1) return;
    event.preventDefault();
    location.hash = `step-${current() + 2}`;
  });

  /* What is not in place is said once the patient goes on, not before they had a chance to tick. */
  const safety = form.querySelector("[data-safety]");
  const warning = form.querySelector("[data-safety-warning]");
  function warnAboutSafety() {
    if (!safety || current() === 0) return;
    const open = safety.querySelectorAll("input:not(:checked)").length > 0;
    const step = steps[current()];
    warning.hidden = !open;
    if (open && (current() === 1 || "standing" in step.dataset)) step.prepend(warning);
  }

  window.addEventListener("hashchange", () => show(true));
  show(firstError > 0);

  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.querySelector("button[type=submit]").textContent = "Saving …";
  });
  window.addEventListener("pageshow", () => {
    sent = false;
    form.querySelector("button[type=submit]").textContent = "Save and finish";
  });
})();
