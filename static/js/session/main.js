/* Turns the session's one long form into the player. Without this script it stays one long form. */
import { find, heldHere, remove } from "../portal/queue.js";
import { Draft, restore } from "./draft.js";
import { ExerciseStep } from "./exercise.js";
import { Finish } from "./finish.js";
import { HandsFree } from "./hands-free.js";
import { Length } from "./length.js";
import { bindOptions } from "./options.js";
import { SetUp } from "./set-up.js";
import { stayAwake, wake } from "./signals.js";
import { Steps } from "./steps.js";
import { Stop } from "./stop.js";
import { say } from "./words.js";

const form = document.querySelector("form[data-session]");
const live = document.querySelector("[data-live]");
const button = (name) => document.querySelector(`[data-player-bar] [data-${name}]`);
const sessionId = location.pathname.split("/").filter(Boolean).pop();
const exercises = new Map();

function tell(text) {
  live.textContent = text;
}

/* The kept copy holds the whole phase: what is not due on this day of the week goes. */
function onlyToday() {
  const weekday = String((new Date().getDay() + 6) % 7);
  const all = [...form.querySelectorAll("[data-days]")];
  const due = all.filter((step) => step.dataset.days.split(" ").includes(weekday));
  if (due.length) all.filter((step) => !due.includes(step)).forEach((step) => step.remove());
}

/* An answer that still waits here holds back what the clinic will: the page may be older than it.
   False when nothing is left to do. */
async function leaveOutHeld() {
  const held = await heldHere(form.dataset.owner).catch(() => new Set());
  if (!held.size) return true;
  if (held.has("all") || held.has("today")) return false;
  const words = [...document.querySelector("[data-held-part]").content.children];
  const place = form.querySelector("[data-set-up] h2");
  words.filter((one) => held.has(one.dataset.kind)).reverse().forEach((one) => {
    const notice = document.createElement("div");
    notice.className = "notice notice--amber";
    notice.append(one.cloneNode(true));
    place.after(notice);
  });
  form.querySelectorAll("[data-exercise]").forEach((section) => {
    if (section.dataset.kinds.split(" ").some((kind) => held.has(kind))) section.remove();
  });
  return Boolean(form.querySelector("[data-exercise]"));
}

function mayLookAway(step) {
  const hint = step.querySelector("[data-needs]");
  hint.hidden = Boolean(step.querySelector("input:checked"));
  if (!hint.hidden) step.querySelector("input").focus();
  return hint.hidden;
}

const steps = new Steps(form, shown);
const draft = new Draft(form, sessionId, reached);
const length = new Length(); // of the exercises
const finish = new Finish(form, steps, sessionId, { draft, took: () => length.seconds });
const handsFree = new HandsFree(steps, exercises, { home: form.querySelector("[data-holds-home]"), tell });
const setUpStep = form.querySelector("[data-set-up]");
const setUp = new SetUp(setUpStep, exercises);
const A_MOMENT = 5 * 60_000; // ms: a page that was only loaded again
const SKIN_HOLDS = 30 * 60_000; // ms for which a look at the feet counts
const ended = new Set(); // exercises that came to their end once
let before = null;
let later = null; // where one goes on once the set-up is looked at again

function shown(step) {
  if (before !== step) {
    if (before) exercises.get(before)?.left();
    if (step) exercises.get(step)?.entered();
    length.passed(exercises.has(before), exercises.has(step));
    if (before && step) draft.soon();
  }
  before = step;
  showBar();
}

function reached() {
  const { exercise } = steps.current.dataset;
  const { at = null } = exercises.get(steps.current)?.pacer || {};
  // From the end: what is held back meanwhile is left out before it.
  return { exercise, at, fromEnd: steps.all.length - steps.all.indexOf(steps.current) };
}

/* Where this session was when the page was lost. After a while the feet and the set-up are looked at
   again first: shoes may be off, and the helper gone. */
function goBackTo({ exercise, at, fromEnd }, age) {
  const known = [...exercises.keys()].find((one) => one.dataset.exercise === exercise);
  if (known && at) exercises.get(known).pacer.resume(at);
  if (age < A_MOMENT && location.hash) return;
  if (age > SKIN_HOLDS) form.querySelectorAll("[name=skin_before]:checked").forEach((one) => { one.checked = false; });
  history.replaceState(null, "", location.pathname);
  const place = known || steps.all[steps.all.length - fromEnd];
  later = place && steps.all.indexOf(place) > steps.all.indexOf(setUpStep) ? place : null;
}

/* Past the set-up: to the first exercise, or to where one was. */
function setOut() {
  if (later) steps.go(later);
  else steps.next();
  later = null;
  const first = handsFree.isOn && exercises.get(steps.current);
  if (!first) return;
  wake();
  handsFree.setOut(first);
}

/* One turn of the exercise on the screen. */
function turned(section) {
  showBar();
  if (section === steps.current) draft.soon();
  const isDone = exercises.get(section)?.pacer.state === "done";
  if (isDone && !ended.has(section)) handsFree.ended(section);
  if (isDone) ended.add(section);
}

function showBar() {
  const step = steps.special ? null : steps.current;
  const state = exercises.get(step)?.pacer.state;
  const main = button("main");
  button("back").hidden = steps.isFirst;
  main.hidden = !state || state === "done";
  const words = { idle: "start", running: "pause", paused: "resume", waiting: "next_set", done: "next" };
  if (state) main.textContent = say(words[state]);
  if (state === "running" && exercises.get(step).pacer.now.moment?.kind === "rest") main.textContent = say("next_set");
  if (main.hidden && document.activeElement === main) button("next").focus();
  const setsOut = handsFree.isOn && step && "setUp" in step.dataset;
  button("next").textContent = say(steps.isLast ? "save" : setsOut ? "start" : "next");
  button("next").classList.toggle("button--primary", main.hidden);
}

function next() {
  const step = steps.current;
  handsFree.stop();
  if ("skinFirst" in step.dataset && !mayLookAway(step)) return;
  if ("skinFirst" in step.dataset && step.querySelector("input[value=changed]").checked) {
    finish.send({ stopped: true });
    return;
  }
  if ("setUp" in step.dataset && !setUp.mayGoOn()) return;
  if (exercises.has(step) && !exercises.get(step).mayLeave()) return;
  if ("setUp" in step.dataset) setOut();
  else if (!steps.isLast) steps.next();
  else {
    button("next").textContent = say("saving");
    finish.send();
  }
}

/* Whoever did something is asked before it is thrown away; there is always a way out. */
function guardLeaving() {
  const dialog = document.querySelector("[data-leave-dialog]");
  document.querySelector("[data-leave]").addEventListener("click", (event) => {
    // An old browser without dialogs just goes: nobody is held.
    if (!dialog.showModal || !form.querySelector("input[type=radio]:checked") || steps.special) return;
    event.preventDefault();
    handsFree.stop();
    exercises.get(before)?.left();
    dialog.showModal();
  });
  dialog.querySelector("[data-leave-drop]").addEventListener("click", (event) => {
    event.preventDefault();
    draft.end();
    remove(sessionId).catch(() => {}).then(() => location.assign(event.target.href));
  });
  dialog.querySelector("[data-leave-stay]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-leave-save]").addEventListener("click", () => {
    dialog.close();
    steps.go(form.querySelector("[data-after]"));
  });
}

function listen() {
  /* An unsteady hand that pressed twice hasn't read the screen between. */
  button("next").addEventListener("click", (event) => { if (event.detail < 2) next(); });
  button("back").addEventListener("click", () => {
    handsFree.stop();
    steps.back();
  });
  button("main").addEventListener("click", () => {
    handsFree.stop();
    exercises.get(steps.current).pacer.press();
  });
  form.querySelector("[data-seated-only]")?.addEventListener("click", () => {
    setUp.leaveOutStanding();
    setOut();
  });
  /* Enter in an answer goes on; only the last step's button sends the form. */
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || steps.special) return;
    event.preventDefault();
    next();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish.send();
  });
  form.addEventListener("change", ifFell);
  // Whoever answers something is not swept on to the next exercise.
  ["click", "change"].forEach((name) => form.addEventListener(name, () => handsFree.stop(), true));
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => {
    const pacer = exercises.get(before)?.pacer;
    // What nobody looks at or hears is not done by itself.
    if (document.hidden && handsFree.isOn) {
      handsFree.stop();
      pacer?.pause();
    }
    if (document.hidden || !pacer?.clock.isRunning) return;
    pacer.draw();
    stayAwake();
  });
}

/* Large text on a small screen: bars that stay would cover it. Measured in letters, not in pixels. */
function fit() {
  const letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const isTight = innerWidth / letter < 18 || innerHeight / letter < 26;
  document.body.classList.toggle("is-tight", isTight);
}

/* Whether one was hurt is asked of those who fell. */
function ifFell() {
  const falls = form.querySelector("[name=falls]:checked");
  form.querySelector("[data-if-fell]").hidden = !falls || falls.value === "0";
}

/* What is kept of this session: a draft from before the tab was killed, or the finished answers. */
async function known() {
  try {
    const answer = await find(sessionId);
    return answer && answer.owner === form.dataset.owner ? answer : null;
  } catch {
    return null;
  }
}

async function begin() {
  const kept = await known();
  if (kept && !kept.isDraft) {
    location.replace(form.dataset.today); // which shows what waits
    return;
  }
  if (kept) restore(form, kept.fields);
  if ("copy" in form.dataset) onlyToday();
  if (!await leaveOutHeld()) {
    location.replace(form.dataset.today); // which says why
    return;
  }
  document.body.classList.add("has-player");
  document.querySelector("[data-player-top]").hidden = false;
  document.querySelectorAll(".no-player, [data-without-player], [data-last] .step__nav").forEach((one) => {
    one.hidden = true;
  });
  form.querySelectorAll("[data-exercise]").forEach((section) => {
    exercises.set(section, new ExerciseStep(section, { changed: () => turned(section), tell }));
  });
  bindOptions(form.querySelector("[data-hands-free]"), showBar);
  steps.all = steps.all.filter((step) => step.isConnected);
  length.isKnown = !kept;
  if (kept?.reached) goBackTo(kept.reached, Date.now() - kept.finished);
  const stop = new Stop(form, steps, finish, () => {
    handsFree.stop();
    exercises.get(before)?.left();
  });
  guardLeaving();
  listen();
  ifFell();
  fit();
  window.addEventListener("resize", fit);
  steps.show(false);
  if (kept) stop.openWhereTicked();
}

begin();
