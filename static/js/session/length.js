/* How long the exercises took, from the first to the end of the last, in one go: a session that was
   left and gone on with later has no length that anybody knows. */
export class Length {
  constructor() {
    this.isKnown = true;
    this.from = null;
    this.to = null; // null while an exercise is on the screen
  }

  /* From one screen to the next: whether the one left and the one entered are exercises. */
  passed(wasExercise, isExercise) {
    if (isExercise) {
      this.from ??= Date.now();
      this.to = null;
    } else if (wasExercise) {
      this.to = Date.now();
    }
  }

  get seconds() {
    if (!this.isKnown || this.from === null) return "";
    return String(Math.round(((this.to ?? Date.now()) - this.from) / 1000));
  }
}
