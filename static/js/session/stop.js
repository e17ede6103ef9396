/* 'Stop: something is wrong', from every screen: the questions, then what to do, stored at once. */
const MOVED = ["signs", "injury", "skin"]; // questions of the form that are asked here first

export class Stop {
  constructor(form, steps, finish, paused) {
    this.screen = form.querySelector("[data-stop-screen]");
    this.steps = steps;
    this.homes = new Map();
    this.form = form;
    const slot = this.screen.querySelector("[data-stop-questions]");
    document.querySelector("[data-stop-open]").addEventListener("click", () => {
      if (steps.special) return;
      paused();
      this.take(slot);
      steps.showSpecial(this.screen);
    });
    this.screen.querySelector("[data-stop-back]").addEventListener("click", () => this.close());
    this.screen.querySelector("[data-stop-send]").addEventListener("click", () => {
      this.give();
      finish.send({ stopped: true });
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
  }

  give() {
    this.homes.forEach((home, question) => home.append(question));
    this.homes.clear();
  }

  close() {
    this.give();
    this.steps.showSpecial(null);
  }
}
