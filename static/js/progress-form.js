/* Taps on the foot drawing tick the list; questions that depend on an answer wait for it. */
"use strict";
(() => {
  function drawFeet(map) {
    map.classList.add("foot-map--live");
    const list = map.querySelector(".foot-map__list");
    if (list) list.open = false;
    const boxes = [...map.querySelectorAll("input[type=checkbox]")];
    const nowhere = map.querySelector("[data-nowhere]");
    function show() {
      const ticked = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      map.querySelectorAll("[data-region]").forEach((shape) => {
        shape.classList.toggle("is-chosen", ticked.has(shape.dataset.region));
      });
    }
    map.addEventListener("click", (event) => {
      const shape = event.target.closest("[data-region]");
      if (!shape) return;
      const box = boxes.find((one) => one.value === shape.dataset.region);
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    /* 'Nowhere' and a place can't both be true: the one ticked last counts. */
    function settle(event) {
      if (event.target.checked && event.target === nowhere) {
        boxes.forEach((box) => { if (box !== nowhere) box.checked = false; });
      } else if (event.target.checked && nowhere) {
        nowhere.checked = false;
      }
      show();
    }
    map.addEventListener("change", settle);
    show();
  }

  function answerOf(form, name) {
    const ticked = [...form.querySelectorAll(`[name="${name}"]:checked`)].map((one) => one.value);
    if (ticked.length) return ticked;
    const typed = form.querySelector(`input[name="${name}"]:not([type=radio]):not([type=checkbox])`);
    return typed && typed.value ? [typed.value] : [];
  }

  function holds(part, form) {
    const answers = answerOf(form, part.dataset.ifName).map((one) => one.toLowerCase());
    if (!answers.length) return false;
    const value = part.dataset.ifValue.toLowerCase();
    if (part.dataset.ifTest === "at_least") return Number(answers[0]) >= Number(value);
    if (part.dataset.ifTest === "at_most") return Number(answers[0]) <= Number(value);
    return answers.includes(value);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-foot-map]").forEach(drawFeet);
    const parts = [...document.querySelectorAll("[data-if-name]")];
    if (!parts.length) return;
    const form = parts[0].closest("form");
    // Before anybody else who listens: a check-in in steps goes by it.
    const show = () => parts.forEach((part) => {
      part.hidden = !holds(part, form);
      part.toggleAttribute("data-is-away", part.hidden);
    });
    form.addEventListener("input", show, true);
    form.addEventListener("change", show, true);
    show();
  });
})();
