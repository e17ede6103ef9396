/* One step a screen, with the browser's own back button; what is left out is passed by. */
import { say } from "./words.js";

export class Steps {
  constructor(form, shown) {
    this.all = [...form.querySelectorAll("[data-step]")];
    this.shown = shown;
    this.bar = document.querySelector("[data-player-bar]");
    this.special = null; // the stop screen, or what is said after it
    const faulty = this.all.findIndex((step) => step.querySelector(".field-error"));
    this.first = Math.max(faulty, 0);
    window.addEventListener("hashchange", () => this.show(true));
  }

  get open() {
    return this.all.filter((step) => !("leftOut" in step.dataset));
  }

  get current() {
    const match = /^#step-(\d+)$/.exec(location.hash);
    const wanted = this.all[Math.min(match ? Number(match[1]) - 1 : this.first, this.all.length - 1)];
    if (this.open.includes(wanted)) return wanted;
    const after = (step) => this.all.indexOf(step) > this.all.indexOf(wanted);
    return this.open.find(after) || this.open[0];
  }

  get isFirst() {
    return this.open.indexOf(this.current) === 0;
  }

  get isLast() {
    return this.current === this.open[this.open.length - 1];
  }

  go(step) {
    const hash = `#step-${this.all.indexOf(step) + 1}`;
    // Shown at once: a change of location.hash would be told later, after the next press.
    if (location.hash !== hash) history.pushState(null, "", hash);
    this.show(true);
  }

  next() {
    this.go(this.open[this.open.indexOf(this.current) + 1] || this.current);
  }

  back() {
    const before = this.open[this.open.indexOf(this.current) - 1];
    if (before) this.go(before);
  }

  /* A screen outside the way, such as Stop; null goes back to the way. */
  showSpecial(screen) {
    if (this.special) this.special.hidden = true;
    this.special = screen;
    if (screen) screen.hidden = false;
    this.show(true);
  }

  show(focus) {
    const now = this.special ? null : this.current;
    this.all.forEach((step) => { step.hidden = step !== now; });
    document.querySelector("[data-place]").textContent = now
      ? say("place", { n: this.open.indexOf(now) + 1, of: this.open.length }) : "";
    this.bar.hidden = !now;
    this.shown(now);
    if (!focus) return;
    (now || this.special).querySelector("h2").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}
