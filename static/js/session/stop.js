/* 'Stop: something is wrong', from every screen: the questions, then what to do, stored at once. */
import { box, once } from "./advice.js";

const MOVED = ["signs", "injury", "skin"]; // questions of the form that are asked here first
const LONG_ENOUGH = 10_000; // ms for which a sign of an emergency was ticked: that was no slip

export class Stop {
  constructor(form, steps, finish, paused) {
    this.screen = form.querySelector("[data-stop-screen]");
    this.steps = steps;
    this.homes = new Map();
    this.places = new Map(); // where a sign of an emergency stands in its own question
    this.form = form;
    const slot = this.screen.querySelector("[data-stop-questions]");
    document.querySelector("[data-stop-open]").addEventListener("click", () => {
      if (steps.special) return;
      paused();
      this.take(slot);
      steps.showSpecial(this.screen);
    });
    this.first = this.screen.querySelector("[data-stop-first]");
    this.advice = this.screen.querySelector("[data-stop-advice]");
    this.screen.querySelector("[data-stop-back]").addEventListener("click", () => this.close());
    this.send = () => {
      if (steps.special !== this.screen) return;
      this.give();
      finish.send({ stopped: true });
    };
    this.screen.querySelector("[data-stop-send]").addEventListener("click", this.send);
    this.first.addEventListener("change", () => this.answerAtOnce());
    // Whoever calls has their hands full: what was ticked is told meanwhile.
    this.screen.addEventListener("click", (event) => {
      if (event.target.closest("a[href^='tel:']") && this.emergencies().length) setTimeout(this.send, 0);
    });
    window.addEventListener("hashchange", () => { if (steps.special === this.screen) this.close(); });
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
  }

  /* What needs the emergency number comes first, out of the questions that it is part of. */
  takeEmergencies(slot) {
    const known = document.querySelector("[data-advice-part]").content;
    const critical = [...known.querySelectorAll("[data-severity=critical]")].map((one) => one.dataset.value);
    const list = this.first.querySelector(".choices");
    slot.querySelectorAll("[name=new_signs], [name=more_signs]").forEach((input) => {
      if (!critical.includes(input.value)) return;
      const label = input.closest("label");
      const place = document.createComment("");
      label.before(place);
      this.places.set(label, place);
      list.append(label);
    });
    this.answerAtOnce();
  }

  emergencies() {
    const ticked = [...this.first.querySelectorAll("input:checked")].map((one) => one.value);
    const known = [...document.querySelector("[data-advice-part]").content.children];
    return once(known.filter((one) => one.dataset.severity === "critical" && ticked.includes(one.dataset.value)));
  }

  answerAtOnce() {
    clearTimeout(this.sending);
    const lines = this.emergencies();
    const isNew = lines.length && !this.advice.childElementCount;
    this.advice.replaceChildren(...lines.map(box));
    this.first.querySelector("[data-stop-told]").hidden = !lines.length;
    if (isNew) this.advice.scrollIntoView({ block: "start" });
    if (lines.length) this.sending = setTimeout(this.send, LONG_ENOUGH);
  }

  give() {
    clearTimeout(this.sending);
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
