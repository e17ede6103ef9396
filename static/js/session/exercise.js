/* One exercise's screen: pacer, cue aloud, skipping with a reason, what counts as done. */
import { Pacer } from "./pacer.js";
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
    part.querySelectorAll("[data-option]").forEach((box) => {
      const name = box.dataset.option;
      if (name === "vibration" && !signals.canVibrate) box.closest("label").hidden = true;
      box.checked = signals.isOn(name);
      box.addEventListener("change", (event) => {
        event.stopPropagation();
        signals.choose(name, box.checked);
        this.pacer.draw();
      });
    });
    this.section.append(part);
    this.options = part;
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

  /* Before going on: asks once what was done when nobody knows. True when one may go. */
  mayLeave() {
    if (this.pacer.state !== "done" && this.pacer.hasMoved && !this.answered(this.asks.done)) this.pick("done", "some");
    if (this.answered(this.asks.done) || this.wasAsked) return true;
    this.wasAsked = true;
    this.asks.done.hidden = false;
    this.asks.done.querySelector("input").focus();
    this.tell(say("did_you"));
    return false;
  }

  entered() {
    this.options.querySelectorAll("[data-option]").forEach((box) => {
      box.checked = signals.isOn(box.dataset.option);
    });
    this.pacer.draw();
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
