/* Something is wrong: what to do is said at each tick, without a connection too; what was ticked is
   kept on the device until the clinic has it. */
import { box, once } from "../session/advice.js";
import { keep, remove } from "./queue.js";
import { sendAll } from "./sending.js";

const form = document.querySelector("form[data-signs]");
const place = form.querySelector("[data-advice]");
const RANK = ["critical", "urgent", "high", "moderate"];

function say(word) {
  const words = document.querySelector("[data-words-part]").content;
  const text = words.querySelector(`[data-word-of="${word}"]`).textContent;
  const state = form.querySelector("[data-state]");
  state.hidden = false;
  state.querySelector("[data-words]").textContent = text.trim().replace(/\s+/g, " ");
}

function ticked() {
  return [...form.querySelectorAll("[name=signs]:checked")].map((one) => one.value);
}

/* The advice of what is ticked, the worst first, each text once. */
function lines() {
  const known = [...document.querySelector("[data-advice-part]").content.children];
  const mine = known.filter((line) => ticked().includes(line.dataset.value));
  mine.sort((one, other) => RANK.indexOf(one.dataset.severity) - RANK.indexOf(other.dataset.severity));
  return once(mine);
}

function fields() {
  return [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
}

async function tell(id) {
  const { owner } = form.dataset;
  const severity = lines()[0]?.dataset.severity || "high";
  const url = form.getAttribute("action");
  const holds = lines().flatMap((line) => line.dataset.holds.split(" ")).filter(Boolean);
  await keep({ id, owner, url, fields: fields(), finished: Date.now(), severity, holds });
  const result = await sendAll(form.dataset);
  const next = result.sent.get(id);
  if (next) location.replace(next);
  else if (result.refused.has(id)) {
    await remove(id);
    say("refused");
  } else say(result.isTrouble ? "trouble" : "waiting");
}

/* What needs help now is brought before one's eyes; all else waits below the list. */
function advise() {
  const before = place.querySelector(".advice--critical");
  place.replaceChildren(...lines().map(box));
  const now = place.querySelector(".advice--critical");
  if (now && !before) now.scrollIntoView({ block: "center" });
}

form.addEventListener("change", advise);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!ticked().length) {
    say("tick");
    return;
  }
  say("sending");
  const report = form.querySelector("[name=report]");
  if (!report.value && window.crypto?.randomUUID) report.value = crypto.randomUUID();
  try {
    await tell(report.value);
  } catch {
    form.submit(); // a private window keeps nothing: the form goes as it would without script
  }
});
