/* The timer of monitoring. A therapist starts and stops it; it never starts, stops or saves by itself. It goes on over
   a reload and on other pages of this window, and is in sight on each. When it is stopped, full minutes are filled in
   beside what was done, to be looked at and saved. Kept for the window only, for whoever started it, until they log
   out: where its form is, since when it runs, and what it came to before. */

const MINUTE_MS = 60_000;
const LONG_MINUTES = 120;

const box = document.querySelector("[data-timer]");
const form = document.querySelector("[data-timer-form]");
const strip = document.querySelector("[data-timer-strip]");
const KEY = `footing-timer.${strip.dataset.timerOf}`;
const part = (within, name) => within?.querySelector(`[data-timer-${name}]`);

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || null;
  } catch {
    return null;
  }
}

function keep(timer) {
  if (timer) sessionStorage.setItem(KEY, JSON.stringify(timer));
  else sessionStorage.removeItem(KEY);
}

const ranFor = (timer) => timer.before + (timer.since ? Date.now() - timer.since : 0);

function clock(timer) {
  const seconds = timer ? Math.floor(ranFor(timer) / 1000) : 0;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const isHere = (timer) => Boolean(box) && timer?.home === box.dataset.timer;

function say(words) {
  if (box) part(box, "said").textContent = words;
}

function start() {
  const timer = read();
  if (timer && !isHere(timer)) {
    say("A timer of another patient is not finished. Go to its form, or set it to zero.");
    return;
  }
  keep({ home: box.dataset.timer, since: Date.now(), before: timer ? timer.before : 0 });
  say("The timer runs.");
  show();
  part(box, "stop").focus();
}

function stop() {
  const timer = read();
  if (!timer?.since) return;
  keep({ ...timer, since: null, before: ranFor(timer) });
  show();
  if (isHere(timer)) {
    fill();
    part(box, "start").focus();
  }
}

function fill() {
  const minutes = Math.floor(read().before / MINUTE_MS);
  if (!minutes) {
    say("Less than a minute: nothing was filled in.");
    return;
  }
  form.elements.minutes.value = String(minutes);
  form.elements.minutes.dispatchEvent(new Event("input", { bubbles: true })); // as if it were typed
  const words = minutes === 1 ? "1 full minute is filled in." : `${minutes} full minutes are filled in.`;
  const long = minutes > LONG_MINUTES ? " That is long: was it left running?" : "";
  say(`Stopped. ${words}${long} Look at it, say what was done, then save.`);
}

function clear() {
  keep(null);
  say("");
  show();
}

function show() {
  const timer = read();
  const mine = isHere(timer);
  if (box) {
    const runs = mine && Boolean(timer.since);
    part(box, "clock").textContent = mine ? clock(timer) : "0:00";
    part(box, "start").hidden = runs;
    part(box, "start").textContent = mine && !runs ? "Go on" : "Start the timer";
    part(box, "stop").hidden = !runs;
    part(box, "clear").hidden = !mine;
  }
  if (strip) {
    strip.hidden = !timer || mine;
    if (strip.hidden) return;
    part(strip, "state").textContent = `The timer of monitoring ${timer.since ? "runs" : "was stopped"}`;
    part(strip, "clock").textContent = clock(timer);
    part(strip, "stop").hidden = !timer.since;
    part(strip, "home").setAttribute("href", timer.home);
  }
}

/* It was sent with its form: once the entry stands on the page, it is done with. */
function forgetWhenSaved() {
  const sent = read()?.sent;
  if (sent && document.querySelector(`[data-entry="${CSS.escape(sent)}"]`)) keep(null);
}

function hold(event) {
  const timer = read();
  if (!isHere(timer)) return;
  if (timer.since) {
    event.preventDefault();
    say("Stop the timer first: then its minutes are filled in.");
    part(box, "stop").focus();
    return;
  }
  keep({ ...timer, sent: form.elements.entry_id.value });
}

forgetWhenSaved();
if (box) {
  box.hidden = false;
  part(box, "start").addEventListener("click", start);
  form.addEventListener("submit", hold);
  const timer = read();
  if (isHere(timer) && !timer.since && !form.elements.minutes.value) fill(); // stopped on another page
}
for (const within of [box, strip].filter(Boolean)) {
  part(within, "stop").addEventListener("click", stop);
  part(within, "clear").addEventListener("click", clear);
}
show();
setInterval(show, 1000);
addEventListener("pageshow", show);
