/* Today: sends what waits, shows what still does, and keeps copies for days without a connection. */
import { forget, install, keepCopies } from "./keep.js";
import "./leave.js";
import { begun, dropDrafts, heldHere, remove, waiting } from "./queue.js";
import { sendAll } from "./sending.js";

// As it came, before it changes; a copy holds no token.
const html = `<!doctype html>${document.documentElement.outerHTML}`
  .replace(/<input[^>]+name="csrfmiddlewaretoken"[^>]*>/g, "");
const page = document.querySelector("[data-today]");
const find = (name) => page.querySelector(`[data-${name}]`);
const STOPPING = new Set(["critical", "urgent"]);
const A_DAY = 86_400_000; // ms
const TRY_AGAIN = 60_000; // ms

/* The page may be a copy: each session gets an id of its own. */
function freshIds() {
  if (!window.crypto?.randomUUID) return;
  document.querySelectorAll("a[data-new-session]").forEach((link) => {
    link.href = link.getAttribute("href").replace(/[^/]+\/$/, `${crypto.randomUUID()}/`);
  });
}

function line(answer) {
  const made = find("waiting-line").content.cloneNode(true);
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  made.querySelector("[data-when]").textContent = when.format(answer.finished);
  made.querySelector("[data-state]").textContent = find(answer.refused ? "text-refused" : "text-waits").textContent;
  const button = made.querySelector("[data-remove]");
  button.hidden = !answer.refused;
  button.addEventListener("click", async () => {
    await remove(answer.id);
    await showWaiting();
  });
  return made;
}

async function showWaiting() {
  const answers = await waiting(page.dataset.owner);
  find("waiting").hidden = !answers.length;
  find("waiting-list").replaceChildren(...answers.map(line));
  const mustStop = answers.some((one) => STOPPING.has(one.severity));
  find("waiting-stop").hidden = !mustStop;
  find("may-exercise").hidden = mustStop;
  const held = await heldHere(page.dataset.owner);
  page.querySelectorAll("[data-held-here]").forEach((one) => { one.hidden = !held.has(one.dataset.heldHere); });
  const mayStart = !mustStop && !held.has("all") && !held.has("today");
  document.querySelectorAll("a[data-new-session]").forEach((link) => { if (!mayStart) link.hidden = true; });
  return answers.length;
}

/* The morning after: answered here, with a token of now. Without a connection it is asked again later. */
function answerHere(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams({ settled: event.submitter.value });
    try {
      const known = await (await fetch(page.dataset.connection, { cache: "no-store" })).json();
      if (known.owner !== page.dataset.owner) throw new Error("somebody else");
      const headers = { "X-CSRFToken": known.token };
      const answer = await fetch(form.action, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(answer.status);
      location.assign(answer.url);
    } catch {
      find("no-connection").hidden = false;
      find("no-connection").scrollIntoView({ block: "center" });
    }
  });
}

/* A phone that died in the middle of a session goes on where it was. */
async function offerToGoOn() {
  const place = document.querySelector("[data-begun]");
  const start = document.querySelector("a.start[data-new-session]");
  if (!place || !start || start.hidden) return;
  const plan = start.getAttribute("href").replace(/[^/]+\/$/, "");
  const draft = await begun(page.dataset.owner, plan);
  place.hidden = !draft;
  start.classList.toggle("button--primary", !draft);
  start.classList.toggle("start", !draft);
  if (!draft) return;
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" });
  place.querySelector("[data-begun-at]").textContent = clock.format(draft.finished);
  place.querySelector("a").href = draft.url;
  start.textContent = place.dataset.anew;
  start.addEventListener("click", () => remove(draft.id));
}

async function send(again = false) {
  const result = await sendAll(page.dataset, { again });
  find("no-connection").hidden = !(result.isOffline || !await isOnline());
  find("trouble").hidden = !result.isTrouble;
  find("waiting-signed-out").hidden = !result.isSignedOut;
  const left = await showWaiting();
  if (!result.sent.size) return left;
  find("sent").hidden = false;
  // What was sent counts for today: the page is asked for anew, once.
  if (!left) location.reload();
  return left;
}

/* The page itself may come from the copy, so the line is tried. */
async function isOnline() {
  try {
    await fetch(page.dataset.connection, { method: "HEAD", cache: "no-store", redirect: "manual" });
    return true;
  } catch {
    return false;
  }
}

async function begin() {
  freshIds();
  install();
  document.querySelectorAll("form[data-morning]").forEach(answerHere);
  find("send-now").addEventListener("click", () => send(true));
  window.addEventListener("online", () => send());
  window.addEventListener("pageshow", (event) => { if (event.persisted) { freshIds(); send(); } });
  setInterval(async () => { if (!document.hidden && await showWaiting()) send(); }, TRY_AGAIN);
  await dropDrafts(page.dataset.owner, A_DAY);
  await showWaiting();
  await offerToGoOn();
  await send();
  if ("shared" in page.dataset) await forget(); // others use this device too: it keeps no pages
  else if (find("no-connection").hidden) await keepCopies(page.dataset, html);
}

begin().catch(() => { /* a browser without storage: the page itself works as it is */ });
