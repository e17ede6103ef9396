/* Moves one exercise along: ring, count, figure and sounds follow the clock. */
import { lead, letGo } from "../figure.js";
import { Clock } from "./clock.js";
import * as signals from "./signals.js";
import { beginOf, filmTime, hasMoved, MOVING, place, READY_SECONDS, timeline } from "./timeline.js";
import { copyOf, say } from "./words.js";

const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
const LOUD_HOLD = 5; // seconds from which on a hold is said by a screen reader
const WARNED = 10; // seconds before the end of a rest that are said, where it is longer by half
const LONGER = 20; // seconds that a rest is made longer by

export class Pacer {
  /* `changed` is called when it starts, pauses, rests or ends; `tell` says something aloud. */
  constructor(section, { changed, tell }) {
    this.dose = doseOf(section);
    this.ready = READY_SECONDS;
    this.moments = this.timeline();
    this.clock = new Clock();
    this.tell = tell;
    this.changed = changed;
    this.figure = section.querySelector(".figure--animated");
    // Who asks for less motion sees start and end, and moves the figure by its own button.
    this.film = isStill ? null : section.querySelector(".figure__moving");
    this.part = copyOf("pacer");
    this.longer = this.part.querySelector("[data-longer]");
    this.longer.addEventListener("click", () => this.restLonger());
    this.seen = { index: -1, second: -1 };
    const figures = section.querySelectorAll(".figure, .exercise-media");
    if (figures.length) figures[figures.length - 1].after(this.part);
    else section.querySelector(".step__head").after(this.part);
    this.draw();
  }

  timeline() {
    return timeline(this.dose, { chosen: signals.restChosen(), ready: this.ready });
  }

  find(name) {
    return this.part.querySelector(`[data-${name}]`);
  }

  get now() {
    return place(this.moments, this.clock.elapsed);
  }

  /* idle, running, paused, waiting (between sets) or done. */
  get state() {
    const { moment, index } = this.now;
    if (!moment) return "done";
    if (moment.kind === "wait") return "waiting";
    if (this.clock.isRunning) return "running";
    return index === 0 && this.clock.elapsed === 0 ? "idle" : "paused";
  }

  get hasMoved() {
    return hasMoved(this.moments, Math.min(this.now.index + 1, this.moments.length)) && this.state !== "idle";
  }

  /* The one big button: start, pause, go on, next set. */
  press() {
    signals.wake();
    const { state } = this;
    if (state === "running" && this.now.moment.kind !== "rest") this.pause();
    else if (state === "running" || state === "waiting") this.skipRest();
    else this.start();
  }

  /* Another rest was chosen: what is over stays over, and one stays where one is. */
  retime() {
    const { index, moment } = this.now;
    if (!moment) return;
    const into = this.clock.elapsed - beginOf(this.moments, index);
    const made = this.timeline();
    this.moments = made.map((one, place) => (place <= index && moment ? this.moments[place] : one));
    if (moment && index) this.clock.moveTo(beginOf(this.moments, index) + into);
    this.draw();
  }

  restLonger() {
    const { index } = this.now;
    this.moments = this.moments.map((one, place) => (
      place === index ? { ...one, seconds: one.seconds + LONGER } : one
    ));
    this.draw();
    this.say(say("rest_for", { n: Math.ceil(this.now.left) }));
  }

  /* By itself, after another exercise: with time to get into position. */
  startAfter(seconds) {
    if (this.state !== "idle") return false;
    this.ready = seconds;
    this.moments = this.timeline();
    this.start();
    return true;
  }

  /* Which repeat one is at; nothing before the first movement, and after the last. */
  get at() {
    const { moment } = this.now;
    return moment && this.hasMoved ? { set: moment.set, side: moment.side, rep: moment.rep } : null;
  }

  /* Where it was when the page was lost: at the beginning of that repeat, and paused. */
  resume({ set, side, rep }) {
    const isIt = (one) => MOVING.has(one.kind) && one.set === set && one.side === side && one.rep === rep;
    const index = this.moments.findIndex(isIt);
    if (index < 0) return;
    this.clock.moveTo(beginOf(this.moments, index));
    this.draw();
  }

  start() {
    this.clock.start();
    signals.stayAwake();
    if (this.film) lead(this.figure, this.film);
    this.timer ||= setInterval(() => this.draw(), 100);
    this.draw();
    this.changed();
  }

  pause() {
    if (!this.clock.isRunning) return;
    this.clock.pause();
    this.stopDrawing();
    this.draw();
    this.changed();
  }

  skipRest() {
    this.clock.moveTo(beginOf(this.moments, this.now.index + 1));
    // The endless wait itself counts as over once one has gone on from it.
    this.moments = this.moments.map((moment, index) => (
      index <= this.now.index && moment.kind === "wait" ? { ...moment, seconds: 0 } : moment
    ));
    this.start();
  }

  stopDrawing() {
    clearInterval(this.timer);
    this.timer = null;
    signals.letSleep();
  }

  draw() {
    const now = this.now;
    this.show(now);
    if (this.film && (this.clock.isRunning || this.clock.elapsed > 0)) {
      this.film.setCurrentTime(filmTime(this.dose, now));
    }
    if (!this.clock.isRunning) return;
    if (now.index !== this.seen.index) this.enter(now);
    this.count(now);
    this.seen = { index: now.index, second: Math.ceil(now.left) };
  }

  /* The last three seconds of a hold, a rest or getting ready are heard; that a rest ends, before. */
  count({ moment, left }) {
    const second = Math.ceil(left);
    if (second !== this.seen.second && moment?.kind === "rest" && second === WARNED && moment.seconds >= 1.5 * WARNED) {
      signals.callOut(say("set_in", { set: moment.set, n: WARNED }));
    }
    if (!moment || moment.kind === "out" || moment.kind === "back") return;
    if (second !== this.seen.second && second <= 3 && second > 0 && moment.seconds > 3) signals.tick();
  }

  enter({ moment, index }) {
    const last = this.moments[index - 1];
    const setIsOver = last && ["out", "hold", "back"].includes(last.kind) && (!moment || moment.set !== last.set);
    if (setIsOver) signals.ended(!moment);
    else if (moment) signals.moved(moment.kind);
    this.announce(moment);
    if (!moment) {
      this.clock.pause();
      this.stopDrawing();
      if (this.film) letGo(this.figure, this.film);
    }
    this.changed();
  }

  say(text) {
    this.tell(text);
    signals.callOut(text);
  }

  /* Said once at each turn, never each second. */
  announce(moment) {
    if (!moment) this.say(say("done"));
    else if (moment.kind === "ready" || moment.kind === "change") {
      const amount = this.dose.reps > 1 ? say("reps", { n: this.dose.reps }) : "";
      this.say([say(moment.kind), this.placeOf(moment), amount].filter(Boolean).join(". "));
    } else if (moment.kind === "rest") this.say(say("rest_then", { set: moment.set, n: Math.ceil(moment.seconds) }));
    else if (moment.kind === "wait") this.say(say("wait"));
    else if (moment.kind === "hold" && moment.seconds >= LOUD_HOLD) this.say(say("hold_for", { n: moment.seconds }));
  }

  /* "Set 1 of 2, repeat 3 of 20": how far one came. */
  get reached() {
    const at = this.now.moment || this.moments.at(-1);
    const rep = this.dose.reps > 1 ? say("rep", { n: at.rep, of: this.dose.reps }) : "";
    return [this.placeOf(at), rep].filter(Boolean).join(", ");
  }

  placeOf(moment) {
    const set = say("set", { n: moment.set, of: this.dose.sets });
    return moment.side === "left" || moment.side === "right" ? `${set}, ${say(moment.side)}` : set;
  }

  show({ moment, share, left }) {
    const { state } = this;
    const shown = moment || this.moments[this.moments.length - 1];
    const word = { idle: "idle", paused: "paused", done: "done" }[state] || shown.kind;
    put(this.find("word"), say(word));
    put(this.find("place-set"), this.placeOf(shown));
    put(this.find("place-rep"), this.dose.reps > 1 ? say("rep", { n: shown.rep, of: this.dose.reps }) : "");
    put(this.find("number"), state === "idle" || left === Infinity || !moment ? "" : String(Math.ceil(left)));
    const over = state === "done" ? 1 : share;
    this.part.querySelector(".pacer__fill").setAttribute("stroke-dashoffset", (100 - 100 * over).toFixed(1));
    this.part.classList.toggle("pacer--no-ring", !signals.isOn("ring"));
    this.part.dataset.state = state;
    this.part.dataset.kind = shown.kind;
    this.longer.hidden = shown.kind !== "rest" || state === "done";
  }
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function doseOf({ dataset }) {
  return {
    sets: Number(dataset.sets),
    reps: Number(dataset.reps),
    hold: Number(dataset.hold),
    rest: dataset.rest === "" ? null : Number(dataset.rest),
    out: Number(dataset.out),
    back: Number(dataset.backSeconds),
    heldShown: Number(dataset.heldShown),
    side: dataset.side,
  };
}
