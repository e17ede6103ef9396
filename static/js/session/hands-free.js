/* For hands that are busy: one exercise follows another, and what comes is said. It never gets anybody
   onto their feet: a standing exercise after a seated one waits for a press, and so does what needs a
   helper. */
import * as signals from "./signals.js";
import { say } from "./words.js";

// Seconds until the next one starts, in the same position and in another; design values of ours.
const SAME_POSITION = 15;
const OTHER_POSITION = 45;
const BREATH = 2500; // ms between one exercise and what comes

export class HandsFree {
  constructor(steps, exercises, { home, tell }) {
    this.steps = steps;
    this.exercises = exercises;
    this.home = home;
    this.tell = tell;
    this.coming = null;
  }

  get isOn() {
    return signals.isOn("auto");
  }

  say(text) {
    this.tell(text);
    signals.callOut(text);
  }

  /* An exercise came to its end. */
  ended(section) {
    if (!this.isOn || this.coming) return;
    this.coming = setTimeout(() => {
      this.coming = null;
      if (!this.steps.special && this.steps.current === section && this.isOn) this.goOn(section);
    }, BREATH);
  }

  /* Whatever is pressed comes before what would have come by itself. */
  stop() {
    clearTimeout(this.coming);
    this.coming = null;
  }

  goOn(section) {
    const before = this.exercises.get(section);
    before.askLater(this.home);
    this.steps.next();
    const next = this.exercises.get(this.steps.current);
    const waits = next?.waitsFor(before);
    if (!next) this.say(say("questions"));
    else if (waits) this.say(say(`next_${waits}`, { title: next.title }));
    else this.begin(next, next.isAsBefore(before) ? SAME_POSITION : OTHER_POSITION);
  }

  /* The first one, after the set-up. */
  setOut(exercise) {
    const waits = exercise.waitsFor(null);
    if (waits) this.say(say(`next_${waits}`, { title: exercise.title }));
    else this.begin(exercise, SAME_POSITION);
  }

  /* One that was begun before waits for a press. */
  begin(exercise, seconds) {
    if (exercise.pacer.startAfter(seconds)) this.say(say("next_up", { title: exercise.title, n: seconds }));
  }
}
