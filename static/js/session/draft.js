/* A session that is going on is kept as it is typed: a phone may kill the tab at any time. */
import { keepDraft } from "../portal/queue.js";

const SETTLE = 400; // ms until what was typed is kept
// The set-up is looked at anew by whoever goes on later.
const UNKEPT = new Set(["csrfmiddlewaretoken", "owner", "shown", "safety"]);

export class Draft {
  /* `reached` says how far the exercise on the screen is. */
  constructor(form, id, reached) {
    this.form = form;
    this.reached = reached;
    this.id = id;
    this.isOver = false;
    form.addEventListener("input", () => this.soon());
    form.addEventListener("change", () => this.soon());
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.timer) this.save(); });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SETTLE);
  }

  /* Nothing more is kept: the answers themselves are. */
  end() {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  async save() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.isOver) return;
    const fields = [...new FormData(this.form)].filter(([name]) => !UNKEPT.has(name));
    const { owner } = this.form.dataset;
    const answers = { id: this.id, owner, url: location.pathname, fields, finished: Date.now() };
    const draft = { ...answers, isDraft: true, reached: this.reached() };
    await keepDraft(draft).catch(() => {});
  }
}

/* Puts the kept answers back where they were. */
export function restore(form, fields) {
  fields.forEach(([name, value]) => {
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((input) => {
      if (input.type === "checkbox" || input.type === "radio") {
        if (input.value === value) input.checked = true;
      } else if (input.type !== "hidden") input.value = value;
    });
  });
}
