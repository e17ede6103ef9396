/* Moves one exercise along: ring, count, figure and sounds follow the clock. */
import { lead, letGo } from "../figure.js";
import { Clock } from "./clock.js";
import * as signals from "./signals.js";
import { beginOf, filmTime, hasMoved, place, timeline } from "./timeline.js";
import { copyOf, say } from "./words.js";

const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
const LOUD_HOLD = 5; // seconds from which on a hold is said by a screen reader

export class Pacer {
  /* `changed` is called when it starts, pauses, rests or ends; `tell` says something aloud. */
  constructor(section, { changed, tell }) {
    this.dose = doseOf(section);
    this.moments = timeline(this.dose);
    this.clock = new Clock();
    this.tell = tell;
    this.changed = changed;
    this.figure = section.querySelector(".figure--animated");
    // Who asks for less motion sees start and end, and moves the figure by its own button.
    this.film = isStill ? null : section.querySelector(".figure__moving");
    this.part = copyOf("pacer");
    this.seen = { index: -1, second: -1 };
    const figures = section.querySelectorAll(".figure, .exercise-media");
    if (figures.length) figures[figures.length - 1].after(this.part);
    else section.querySelector(".step__head").after(this.part);
    this.draw();
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

  /* The last three seconds of a hold, a rest or getting ready are heard. */
  count({ moment, left }) {
    const second = Math.ceil(left);
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
    if (!moment || ["wait", "rest", "ready"].includes(moment.kind)) this.changed();
  }

  /* Said once at each turn, never each second. */
  announce(moment) {
    if (!moment) this.tell(say("done"));
    else if (moment.kind === "ready" || moment.kind === "change") {
      const amount = this.dose.reps > 1 ? say("reps", { n: this.dose.reps }) : "";
      this.tell([say(moment.kind), this.placeOf(moment), amount].filter(Boolean).join(". "));
    } else if (moment.kind === "rest") this.tell(say("rest_for", { n: moment.seconds }));
    else if (moment.kind === "wait") this.tell(say("wait"));
    else if (moment.kind === "hold" && moment.seconds >= LOUD_HOLD) this.tell(say("hold_for", { n: moment.seconds }));
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
