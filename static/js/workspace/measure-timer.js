/* The timer of a measure in the clinic: one thumb starts and stops it, or counts by tapping. Its result goes into the
   answer's field, where it can be seen and changed; only a button that says so saves. */
import { Clock } from "../session/clock.js";
import * as signals from "../session/signals.js";
import { say } from "../session/words.js";

const SLIP_MS = 500; // a press so soon after another is the same press twice
const LAST_TAPS_MS = 1000; // a hand that taps along does not stop at once

/* Tenths that have passed in full: what was not held for 10 s never reads 10. */
export function tenths(seconds) {
  return Math.floor(Math.round(seconds * 1000) / 100) / 10;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

class Run {
  /* One time of one item, from start to stop. */
  constructor({ counts, seconds }) {
    this.isCounting = counts === "down";
    this.limit = Number(seconds);
    this.clock = new Clock();
    this.count = 0;
  }

  get elapsed() {
    return Math.min(this.clock.elapsed, this.limit);
  }

  get isOver() {
    return this.clock.elapsed >= this.limit;
  }

  get shown() {
    return this.isCounting ? String(Math.ceil(this.limit - this.elapsed)) : tenths(this.elapsed).toFixed(1);
  }
}

export class MeasureTimer {
  constructor(section, form) {
    this.section = section;
    this.form = form;
    this.dialog = section.querySelector("[data-timing]");
    this.items = [...section.querySelectorAll("input[name=timed]")];
    this.savesItself = "savesItself" in section.dataset;
    this.run = null;
    this.pressed = 0;
    this.listen();
    this.items.forEach((item) => this.showTaken(item));
    this.nameStart();
    section.hidden = false;
    // The address names the timer, which was hidden when the page looked for it; a question goes first.
    const asked = document.querySelector(".notice--error");
    if (location.hash === `#${section.id}`) (asked || section).scrollIntoView({ block: asked ? "center" : "start" });
  }

  find(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  get item() {
    return this.items.find((one) => one.checked);
  }

  field(item = this.item) {
    return this.form.elements[item.value];
  }

  listen() {
    const sound = this.find("sound");
    sound.checked = signals.isOn("sound");
    sound.addEventListener("change", () => signals.choose("sound", sound.checked));
    this.find("start").addEventListener("click", () => this.once(() => this.start()));
    this.find("main").addEventListener("click", () => this.pressMain());
    this.find("stop").addEventListener("click", () => this.once(() => this.stop()));
    this.find("drop").addEventListener("click", () => this.once(() => this.drop()));
    this.find("less").addEventListener("click", () => this.change(-1));
    this.find("more").addEventListener("click", () => this.change(1));
    this.section.addEventListener("change", () => this.nameStart());
    this.form.addEventListener("input", () => {
      this.items.forEach((item) => this.showTaken(item));
      this.nameStart();
    });
    this.dialog.addEventListener("keydown", (event) => this.keyed(event));
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (this.run) this.stop();
    });
    // Some browsers close it at the second Escape, whatever we say.
    this.dialog.addEventListener("close", () => { if (this.run) this.drop(); });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || !this.run?.clock.isRunning) return;
      this.draw();
      signals.stayAwake();
    });
  }

  /* A held key counts once; space and Enter reach the big button wherever the focus is. */
  keyed(event) {
    if (event.key !== " " && event.key !== "Enter") return;
    const isMain = !event.target.closest("button");
    if (event.repeat || isMain) event.preventDefault();
    if (isMain && !event.repeat) this.pressMain();
  }

  /* An unsteady hand that pressed twice meant it once. */
  once(act) {
    const now = Date.now();
    if (now - this.pressed < SLIP_MS) return;
    this.pressed = now;
    act();
  }

  pressMain() {
    if (!this.run) return;
    if (this.run.isCounting && this.run.clock.isRunning) this.change(1);
    else if (this.run.isCounting) this.once(() => this.takeCount());
    else this.once(() => this.stop({ saves: this.savesItself }));
  }

  start() {
    signals.wake();
    signals.moved("ready");
    signals.stayAwake();
    this.run = new Run(this.item.dataset);
    this.run.clock.start();
    put(this.find("what"), this.items.length > 1 ? this.item.dataset.label : "");
    put(this.find("said"), "");
    put(this.find("word"), say("running"));
    this.find("stop").hidden = !(this.run.isCounting || this.savesItself);
    this.find("more").hidden = true;
    this.find("less").hidden = !this.run.isCounting;
    this.find("main").disabled = false;
    this.dialog.dataset.state = "running";
    this.dialog.classList.toggle("timing--counts", this.run.isCounting);
    if (this.dialog.showModal) this.dialog.showModal();
    else this.dialog.setAttribute("open", "");
    this.find("main").focus();
    this.ticking = setInterval(() => this.draw(), 50);
    this.draw();
  }

  change(by) {
    this.run.count = Math.max(0, this.run.count + by);
    if (by > 0 && this.run.clock.isRunning) signals.tick();
    this.draw();
  }

  draw() {
    if (!this.run) return;
    put(this.find("clock"), this.run.shown);
    put(this.find("count"), this.run.isCounting ? String(this.run.count) : "");
    put(this.find("main-words"), this.mainWords());
    if (this.run.clock.isRunning && this.run.isOver) this.timeIsUp();
  }

  mainWords() {
    if (!this.run.isCounting) return say(this.savesItself ? "stop_save" : "stop");
    return say(this.run.clock.isRunning ? "tap" : "take");
  }

  halt() {
    clearInterval(this.ticking);
    this.run.clock.pause();
    signals.letSleep();
    signals.ended(true);
  }

  timeIsUp() {
    if (!this.run.isCounting) {
      this.stop();
      return;
    }
    this.halt();
    this.endCount(say("over"));
  }

  /* Stopped by hand: the seconds that were held are the answer; a count is kept, with how it came about. */
  stop({ saves = false } = {}) {
    if (!this.run.clock.isRunning) {
      this.takeCount();
      return;
    }
    const { run } = this;
    this.halt();
    if (run.isCounting) {
      const words = say("cut_short", { value: tenths(run.elapsed), seconds: run.limit });
      this.addNote(words);
      this.endCount(words);
      return;
    }
    const value = tenths(run.elapsed);
    this.enter(value);
    if (saves && this.field().checkValidity()) {
      this.save();
      return;
    }
    this.close();
    this.tell(value, saves);
  }

  save() {
    put(this.find("word"), say("saving"));
    this.find("main").disabled = true;
    const button = this.form.querySelector("[data-save]");
    if (this.form.requestSubmit) this.form.requestSubmit(button);
    else this.form.submit();
  }

  /* The last taps are still on their way: the same place does something else only after them. */
  endCount(words) {
    put(this.find("word"), words);
    this.dialog.dataset.state = "over";
    this.find("more").hidden = false;
    this.find("stop").hidden = true;
    const main = this.find("main");
    main.disabled = true;
    this.draw();
    setTimeout(() => {
      main.disabled = false;
      main.focus();
    }, LAST_TAPS_MS);
  }

  takeCount() {
    if (this.find("main").disabled) return;
    const { count } = this.run;
    this.enter(count);
    this.close();
    put(this.find("said"), say("counted", { count }));
    this.goOn();
  }

  drop() {
    if (this.run.clock.isRunning) this.halt();
    this.close();
    put(this.find("said"), say("dropped"));
  }

  close() {
    this.run = null;
    if (this.dialog.close) this.dialog.close();
    else this.dialog.removeAttribute("open");
    this.pressed = Date.now();
  }

  enter(value) {
    const field = this.field();
    field.value = String(value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  addNote(words) {
    const note = this.form.elements.note;
    if (!note.value.includes(words)) note.value = [note.value, words].filter(Boolean).join(" ");
  }

  /* What was entered, and what comes next: a stage that was not held ends a test of stages. */
  tell(value, wasToBeSaved) {
    const { label, seconds } = this.item.dataset;
    const isHeld = value >= Number(seconds);
    const isEnd = "stopsAtFirst" in this.section.dataset && !isHeld;
    const words = wasToBeSaved ? "slip" : isEnd ? "ends_here" : isHeld ? "held" : "taken";
    put(this.find("said"), say(words, { label, value, seconds }));
    const next = this.items.slice(this.items.indexOf(this.item) + 1).find((one) => this.field(one).value === "");
    if (isEnd || this.items.length === 1) {
      if (isEnd) this.goOn();
    } else if (next) next.checked = true;
    else this.goOn();
    this.nameStart();
  }

  /* To the first answer that is still open, else to the button that saves. */
  goOn() {
    const questions = [...this.form.querySelectorAll("fieldset.question")];
    const open = questions.find((one) => !one.querySelector("input:checked"));
    const target = open?.querySelector("input") || this.form.querySelector("[data-save]");
    target.focus();
    target.scrollIntoView({ block: "center" });
    this.nameStart();
  }

  showTaken(item) {
    const { value } = this.field(item);
    put(item.parentElement.querySelector("[data-taken]"), value && `${value} s`);
  }

  nameStart() {
    const { label } = this.item.dataset;
    const key = this.field().value === "" ? "start" : "again";
    put(this.find("start"), say(this.items.length > 1 ? `${key}_item` : key, { label }));
  }
}

const section = document.querySelector("[data-timer]");
if (section) new MeasureTimer(section, document.querySelector("form[data-measure]"));
