/* 'Stop: something is wrong', from every screen: the questions, then what to do, stored at once. */
import { box, once } from "./advice.js";

const MOVED = ["signs", "injury", "skin"]; // questions of the form that are asked here first
const LONG_ENOUGH = 10_000; // ms after the last change of a screen with an emergency: that was no slip
const AT_MOST = 60_000; // ms from the first such tick, whatever else is answered

export class Stop {
  constructor(form, steps, finish, paused) {
    this.screen = form.querySelector("[data-stop-screen]");
    this.steps = steps;
    this.homes = new Map();
    this.places = new Map(); // where a sign of an emergency stands in its own question
    this.form = form;
    const slot = this.screen.querySelector("[data-stop-questions]");
    this.open = () => {
      if (steps.special) return;
      paused();
      this.take(slot);
      steps.showSpecial(this.screen);
    };
    document.querySelector("[data-stop-open]").addEventListener("click", this.open);
    this.first = this.screen.querySelector("[data-stop-first]");
    this.advice = this.screen.querySelector("[data-stop-advice]");
    this.screen.querySelector("[data-stop-back]").addEventListener("click", () => {
      this.takeBack();
      this.close();
    });
    this.send = () => {
      if (steps.special !== this.screen) return;
      this.give();
      finish.send({ stopped: true });
    };
    this.screen.querySelector("[data-stop-send]").addEventListener("click", this.send);
    this.screen.addEventListener("change", () => {
      this.answerAtOnce();
      this.runClock();
    });
    // Whoever calls, here or from the phone itself, has their hands full: what was ticked is told meanwhile.
    this.screen.addEventListener("click", (event) => {
      if (event.target.closest("a[href^='tel:']")) setTimeout(() => this.sendEmergency(), 0);
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.sendEmergency(); });
    window.addEventListener("pagehide", () => this.sendEmergency());
    // The browser's back button is no answer: what was ticked is told.
    window.addEventListener("hashchange", () => {
      if (steps.special !== this.screen) return;
      if (!this.sendEmergency()) this.close();
    });
  }

  /* After a page that was lost: an emergency that was ticked there is before one's eyes again. */
  openWhereTicked() {
    const ticked = [...this.form.querySelectorAll("[name=new_signs]:checked, [name=more_signs]:checked")];
    const critical = new Set(this.criticalSigns());
    if (!ticked.some((one) => critical.has(one.value))) return;
    this.open();
    this.before.clear(); // said to be a slip, it is one too
    this.runClock();
  }

  sendEmergency() {
    if (this.steps.special !== this.screen || !this.emergencies().length) return false;
    this.send();
    return true;
  }

  take(slot) {
    MOVED.forEach((name) => {
      const home = this.form.querySelector(`[data-${name}-home]`);
      [...home.children].forEach((question) => {
        this.homes.set(question, home);
        slot.append(question);
      });
    });
    this.takeEmergencies(slot);
    this.before = new Set(this.ticked());
    this.answerAtOnce();
  }

  ticked() {
    return [...this.screen.querySelectorAll("input:checked")];
  }

  /* A slip: what was ticked on this screen was none. */
  takeBack() {
    this.ticked().filter((one) => !this.before.has(one)).forEach((one) => {
      one.checked = false;
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  criticalSigns() {
    const known = document.querySelector("[data-advice-part]").content;
    return [...known.querySelectorAll("[data-severity=critical]")].map((one) => one.dataset.value);
  }

  /* What needs the emergency number comes first, out of the questions that it is part of. */
  takeEmergencies(slot) {
    const critical = this.criticalSigns();
    const list = this.first.querySelector(".choices");
    slot.querySelectorAll("[name=new_signs], [name=more_signs]").forEach((input) => {
      if (!critical.includes(input.value)) return;
      const label = input.closest("label");
      const place = document.createComment("");
      label.before(place);
      this.places.set(label, place);
      list.append(label);
    });
  }

  emergencies() {
    const ticked = [...this.first.querySelectorAll("input:checked")].map((one) => one.value);
    const known = [...document.querySelector("[data-advice-part]").content.children];
    return once(known.filter((one) => one.dataset.severity === "critical" && ticked.includes(one.dataset.value)));
  }

  answerAtOnce() {
    const lines = this.emergencies();
    const isNew = lines.length && !this.advice.childElementCount;
    this.advice.replaceChildren(...lines.map(box));
    this.first.querySelector("[data-stop-told]").hidden = !lines.length;
    if (isNew) this.advice.scrollIntoView({ block: "start" });
  }

  /* From a change on, not from the opening: what was ticked long before is not told by a look at it. */
  runClock() {
    clearTimeout(this.sending);
    if (!this.emergencies().length) {
      this.since = null;
      return;
    }
    this.since ||= Date.now();
    const left = Math.max(0, this.since + AT_MOST - Date.now());
    this.sending = setTimeout(this.send, Math.min(LONG_ENOUGH, left));
  }

  give() {
    clearTimeout(this.sending);
    this.since = null;
    this.places.forEach((place, label) => place.replaceWith(label));
    this.places.clear();
    this.homes.forEach((home, question) => home.append(question));
    this.homes.clear();
  }

  close() {
    this.give();
    this.steps.showSpecial(null);
  }
}
