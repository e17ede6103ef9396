/* A check-in in short steps: one part of the form a screen. Without this script it is one long form. */
const form = document.querySelector("form[data-check-in]");
const nav = form.querySelector("[data-check-in-nav]");
const [back, next] = ["back", "next"].map((name) => nav.querySelector(`[data-${name}]`));
const last = form.querySelector("[data-check-in-last]");
const steps = [...form.querySelectorAll(".part"), last];
let at = Math.max(steps.findIndex((step) => step.querySelector(".field-error")), 0);

/* What waits for an answer, and did not get it, is no step. */
function isOpen(step) {
  return !("isAway" in step.dataset);
}

const open = () => steps.filter(isOpen);

function show(focus) {
  const now = open();
  if (!now.includes(steps[at])) at = steps.indexOf(now[0]);
  const place = now.indexOf(steps[at]);
  // Not `hidden`: that is progress-form.js's, for what an answer rules out.
  steps.forEach((step, index) => step.classList.toggle("is-later", index !== at));
  back.hidden = place === 0;
  nav.hidden = false;
  next.hidden = place === now.length - 1;
  nav.querySelector("[data-place]").textContent = nav.dataset.words
    .replace("{n}", place + 1).replace("{of}", now.length);
  if (!focus) return;
  const head = steps[at].querySelector("h2, legend, label") || steps[at];
  head.tabIndex = -1;
  head.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function go(by) {
  const now = open();
  at = steps.indexOf(now[now.indexOf(steps[at]) + by] || steps[at]);
  show(true);
}

/* Only the activities that there are, and one more when it is wanted. */
function foldActivities() {
  const names = [...form.querySelectorAll("input[name*='name_']")].filter((one) => /-name_\d+$/.test(one.name));
  if (names.length < 2) return;
  const scoreOf = (name) => name.name.replace("name_", "score_");
  const blocks = names.map((name) => {
    const scored = form.querySelector(`[name="${scoreOf(name)}"]`);
    return [name.closest(".field, .question, div"), scored.closest("fieldset")];
  });
  const isUsed = (name) => name.value || form.querySelector(`[name="${scoreOf(name)}"]:checked`);
  let shown = Math.max(1, ...names.map((name, index) => (isUsed(name) ? index + 1 : 0)));
  const more = form.querySelector("[data-more-activities]");
  blocks.at(-1).at(-1).after(more.parentElement);

  function fold() {
    blocks.forEach((block, index) => block.forEach((one) => { one.hidden = index >= shown; }));
    more.parentElement.hidden = shown >= blocks.length;
  }
  more.addEventListener("click", () => {
    shown += 1;
    fold();
    names[shown - 1].focus();
  });
  fold();
}

foldActivities();
back.addEventListener("click", () => go(-1));
next.addEventListener("click", (event) => { if (event.detail < 2) go(1); });
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || next.hidden) return;
  event.preventDefault();
  go(1);
});
["input", "change"].forEach((name) => form.addEventListener(name, () => show(false)));
document.addEventListener("DOMContentLoaded", () => show(false)); // once what waits is known
show(false);
