/* The inbox by keyboard: j and k (or the arrows) go from one thing to the next, Enter opens it. */

const rows = [...document.querySelectorAll("[data-inbox-row]")];
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const isTyping = event.target.closest("input, textarea, select");
  if (!step || isTyping || event.altKey || event.ctrlKey || event.metaKey || !rows.length) return;
  event.preventDefault();
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1);
  rows[next].querySelector("a").focus();
});
