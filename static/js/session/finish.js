/* Keeps the answers on the device first, then sends them: nothing is lost whatever the line does. */
import { keep, remove } from "../portal/queue.js";
import { sendAll } from "../portal/sending.js";
import { holdsOf, linesFor, showAdvice } from "./advice.js";
import { say } from "./words.js";

const UNSENT = new Set(["csrfmiddlewaretoken", "safety"]);

export class Finish {
  /* `took`: how many seconds the exercises took, or '' where nobody knows. */
  constructor(form, steps, sessionId, { draft, took }) {
    this.draft = draft;
    this.took = took;
    this.form = form;
    this.steps = steps;
    this.sessionId = sessionId;
    this.isBusy = false;
    this.screen = form.querySelector("[data-told-screen]");
  }

  /* `stopped`: after Stop, the advice is shown at once and the sending goes on behind it. */
  async send({ stopped = false } = {}) {
    if (this.isBusy) {
      if (stopped) await this.tellBesides();
      return;
    }
    this.isBusy = true;
    this.draft.end();
    this.form.querySelector("[data-took]").value = this.took();
    const data = new FormData(this.form);
    if (stopped) data.set("stopped", "on");
    if (!await this.keptOnDevice(data)) {
      this.sendPlainly(stopped);
      return;
    }
    if (stopped) this.show(data, "told", "saving");
    const result = await sendAll(this.form.dataset);
    const mine = result.sent.get(this.sessionId);
    if (mine && !stopped && !this.isTold) {
      location.replace(mine);
      return;
    }
    if (mine) this.screen.querySelector("[data-told-on]").href = mine;
    const refused = result.refused.has(this.sessionId);
    if (refused && !stopped && !("copy" in this.form.dataset)) {
      await remove(this.sessionId);
      this.form.submit(); // the page comes back with what is wrong beside each answer
      return;
    }
    const state = mine ? "sent" : refused ? "refused" : result.isSignedOut ? "signed_out"
      : result.isTrouble ? "trouble" : "waiting";
    this.show(data, stopped ? "told" : "kept", state);
  }

  /* Stop while the session is being saved: what is wrong is told on its own, as on any other day. */
  async tellBesides() {
    this.isTold = true;
    const data = new FormData(this.form);
    this.show(data, "told", "saving");
    const signs = [...data.getAll("new_signs"), ...data.getAll("more_signs")].filter((one) => one !== "none");
    if (!signs.length) return;
    const { owner, signsUrl } = this.form.dataset;
    const id = crypto.randomUUID();
    const fields = [["owner", owner], ["report", id], ...signs.map((one) => ["signs", one])];
    const severity = linesFor(data)[0]?.dataset.severity || "high";
    await keep({ id, owner, url: signsUrl, fields, finished: Date.now(), severity, holds: holdsOf(data) });
    const result = await sendAll(this.form.dataset);
    this.show(data, "told", result.sent.has(id) ? "sent" : "waiting");
  }

  async keptOnDevice(data) {
    const fields = [...data].filter(([name]) => !UNSENT.has(name));
    const severity = linesFor(data)[0]?.dataset.severity || "";
    try {
      const { owner } = this.form.dataset;
      const answer = { id: this.sessionId, owner, url: this.url, fields, finished: Date.now(), severity };
      await keep({ ...answer, holds: holdsOf(data) });
      return true;
    } catch {
      return false;
    }
  }

  get url() {
    return location.pathname;
  }

  /* A browser that keeps nothing (a private window): the form goes as it would without script. */
  sendPlainly(stopped) {
    if (stopped) this.form.querySelector("[name=stopped]").checked = true;
    this.form.submit();
  }

  show(data, title, state) {
    const put = (name, text) => { this.screen.querySelector(`[data-told-${name}]`).textContent = text; };
    put("title", say(title));
    put("state", say(state));
    if (this.steps.special !== this.screen) {
      showAdvice(this.screen.querySelector("[data-told-advice]"), data);
      this.steps.showSpecial(this.screen);
    }
  }
}
