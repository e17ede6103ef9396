/* One exercise's screen: pacer, cue aloud, skipping with a reason, what counts as done. */
import { Pacer } from "./pacer.js";
import { bindOptions } from "./options.js";
import * as signals from "./signals.js";
import { copyOf, say } from "./words.js";

export class ExerciseStep {
  constructor(section, { changed, tell }) {
    this.section = section;
    this.tell = tell;
    this.changed = changed;
    this.asks = Object.fromEntries([...section.querySelectorAll("[data-ask]")].map((one) => [one.dataset.ask, one]));
    Object.values(this.asks).forEach((one) => { one.hidden = !this.answered(one); });
    this.wasAsked = false;
    this.addCue();
    this.pacer = new Pacer(section, { changed: () => this.paced(), tell });
    this.addSkip();
    this.addOptions();
    // From before the tab was killed: what was left out stays so.
    if ("standing" in section.dataset && this.asks.why.querySelector("[value=not_safe]:checked")) this.leaveOut();
    section.addEventListener("change", (event) => this.ticked(event.target));
  }

  answered(ask) {
    return Boolean(ask.querySelector("input:checked"));
  }

  pick(name, value) {
    const choice = this.asks[name].querySelector(value ? `input[value="${value}"]` : "input:checked");
    if (!choice) return;
    choice.checked = Boolean(value);
    choice.dispatchEvent(new Event("input", { bubbles: true }));
  }

  addCue() {
    const cue = this.section.querySelector(".cue");
    if (!cue || !signals.canSpeak) return;
    const part = copyOf("cue");
    cue.after(part);
    part.querySelector("[data-speak]").addEventListener("click", () => signals.speak(cue.textContent));
  }

  addOptions() {
    const part = copyOf("options");
    this.showOptions = bindOptions(part, () => this.pacer.retime());
    this.section.append(part);
  }

  addSkip() {
    const part = this.section.querySelector("[data-skip]");
    this.skip = part.querySelector("button");
    part.hidden = false;
    this.skip.addEventListener("click", () => {
      this.pacer.pause();
      this.asks.why.hidden = false;
      this.asks.done.hidden = false;
      this.wasAsked = true;
      this.pick("done", this.pacer.hasMoved ? "some" : "none");
      this.skip.setAttribute("aria-expanded", "true");
      this.asks.why.querySelector("input").focus();
      this.changed();
    });
  }

  /* Done to the end counts as done; begun and left, as some of it, until the patient says otherwise. */
  paced() {
    if (this.pacer.state === "done") {
      this.pick("done", "all");
      this.asks.done.hidden = false;
      this.section.querySelector("[data-how-far]").hidden = true;
      if (this.asks.held) this.asks.held.hidden = false;
    }
    this.changed();
  }

  ticked(input) {
    if (input.name.startsWith("done_") && input.value === "all") {
      this.pick("why", "");
      this.asks.why.hidden = true;
      this.skip.setAttribute("aria-expanded", "false");
    } else if (input.name.startsWith("done_")) {
      this.asks.why.hidden = false;
    }
    if (this.asks.held && input.name.startsWith("done_")) this.asks.held.hidden = input.value === "none";
  }

  /* Before going on: asks once what was done when nobody knows, and whoever is in the middle of it. Then
     what was begun counts as some of it. True when one may go. */
  mayLeave() {
    if (this.answered(this.asks.done)) return true;
    const isBegun = this.pacer.hasMoved;
    if (this.wasAsked) {
      if (isBegun) this.pick("done", "some");
      return true;
    }
    this.wasAsked = true;
    this.pacer.pause();
    this.asks.done.hidden = false;
    this.asks.done.querySelector("input").focus();
    const words = isBegun ? say("how_far", { place: this.pacer.reached }) : say("did_you");
    const told = this.section.querySelector("[data-how-far]");
    told.textContent = words;
    told.hidden = !isBegun;
    this.tell(words);
    return false;
  }

  /* What is asked of a hold, when it goes on by itself: with the other questions, at the end. */
  askLater(home) {
    const { held } = this.asks;
    if (!held || this.answered(held)) return;
    const title = document.createElement("p");
    title.className = "soft";
    title.textContent = this.title;
    home.append(title, held);
    held.hidden = false;
  }

  get title() {
    return this.section.querySelector("h2").textContent;
  }

  isAsBefore(other) {
    return this.section.dataset.pose === other.section.dataset.pose;
  }

  /* What it takes more than time for, after another one or none: "helper", "standing" or nothing. */
  waitsFor(other) {
    if ("helper" in this.section.dataset) return "helper";
    return "standing" in this.section.dataset && !(other && "standing" in other.section.dataset) ? "standing" : "";
  }

  entered() {
    this.showOptions();
    this.pacer.retime();
  }

  left() {
    this.pacer.pause();
    signals.hush();
  }

  leaveOut() {
    this.pick("done", "none");
    this.pick("why", "not_safe");
    this.section.dataset.leftOut = "";
  }

  takeIn() {
    this.pick("done", "");
    this.pick("why", "");
    delete this.section.dataset.leftOut;
  }
}
