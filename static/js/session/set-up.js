/* What standing exercises need, before the first of them (brief 1.6). Each is ticked by itself the first
   time that a person does it on this device; after that, one press at the end of the same list says that
   all of it is so. */
const KEPT = "footing.set-up";

function known(owner) {
  try {
    return new Set(JSON.parse(localStorage.getItem(`${KEPT}.${owner}`) || "[]"));
  } catch {
    return new Set();
  }
}

function keep(owner, values) {
  try {
    localStorage.setItem(`${KEPT}.${owner}`, JSON.stringify(values));
  } catch { /* storage is full or switched off: each is ticked again next time */ }
}

export class SetUp {
  constructor(step, exercises) {
    this.boxes = [...step.querySelectorAll("[data-safety] input")];
    this.warning = step.querySelector("[data-safety-warning]");
    this.exercises = exercises;
    this.owner = step.closest("form").dataset.owner;
    const all = step.querySelector("[data-all-set]");
    if (!all) return;
    const before = known(this.owner);
    all.hidden = !this.boxes.every((box) => before.has(box.value));
    all.querySelector("button").addEventListener("click", () => {
      this.boxes.forEach((box) => { box.checked = true; });
      this.boxes.at(-1).dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  get standing() {
    return [...this.exercises.values()].filter((one) => "standing" in one.section.dataset);
  }

  leaveOutStanding() {
    this.standing.forEach((one) => one.leaveOut());
  }

  /* Standing exercises need the whole set-up, or are left out; everything else goes on. */
  mayGoOn() {
    const { standing, warning } = this;
    if (!warning || !standing.length) return true;
    const isSet = this.boxes.every((box) => box.checked);
    if (isSet) {
      standing.forEach((one) => { if ("leftOut" in one.section.dataset) one.takeIn(); });
      keep(this.owner, this.boxes.map((box) => box.value));
    }
    const isLeftOut = standing.every((one) => "leftOut" in one.section.dataset);
    warning.hidden = isSet || isLeftOut;
    if (!isSet && !isLeftOut) warning.querySelector("button").focus();
    return isSet || isLeftOut;
  }
}
