/* The dialog in Wagtail's admin that chooses sources, and what is known of each; for citations in a text
   (cite-editor.js) and for fields (cite-field.js). */
"use strict";
(() => {
  const address = () => JSON.parse(document.getElementById("footing-citation-choices").textContent);

  async function ask(query) {
    const answer = await fetch(`${address()}?${new URLSearchParams(query)}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).sources;
  }

  /* What marks in the text say about their sources; all that a page asks for at once go together. */
  const known = new Map();
  const waiting = new Set();
  const listeners = new Set();
  function learn(keys) {
    const unknown = keys.filter((key) => !known.has(key) && !waiting.has(key));
    if (!unknown.length) return;
    if (!waiting.size) setTimeout(fetchWaiting, 50);
    unknown.forEach((key) => waiting.add(key));
  }
  async function fetchWaiting() {
    const keys = [...waiting];
    waiting.clear();
    try {
      const sources = await ask({ keys: keys.join(" ") });
      keys.forEach((key) => known.set(key, null));
      sources.forEach((source) => known.set(source.key, source));
      listeners.forEach((listener) => listener());
    } catch {
      /* Without an answer a mark says no more than its short citation. */
    }
  }
  function words(key) {
    const source = known.get(key);
    if (source === undefined) return "";
    if (source === null) return `${key}: no such source`;
    return `${source.short}: ${source.title} (${source.state})`;
  }

  /* An element with its text; nothing here is ever read as HTML. */
  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  }

  const MOST = 40; // what the server answers at most (cms/admin/citing.py)
  function found(count) {
    if (!count) return "No source found. Add it under Sources first.";
    return count < MOST ? `${count} found` : `The first ${MOST}; type to find others`;
  }

  /* The dialog. `done` gets the chosen keys, or null when it was left. */
  class Chooser {
    constructor(keys, done, { mayBeEmpty = false, verb = "Cite" } = {}) {
      this.keys = [...keys];
      this.mayBeEmpty = mayBeEmpty;
      this.verb = verb;
      this.done = done;
      this.asked = 0;
      this.build();
      document.body.append(this.dialog);
      this.dialog.showModal();
      this.search.focus();
      this.find();
      learn(this.keys);
      this.listener = () => this.drawChosen();
      listeners.add(this.listener);
    }
    build() {
      this.search = make("input", {
        type: "search",
        id: "cite-search",
        autocomplete: "off",
        "aria-describedby": "cite-help",
      });
      this.said = make("p", { class: "cite-dialog__said", role: "status" });
      this.results = make("ul", { class: "cite-dialog__results", "aria-label": "Found sources" });
      this.chosen = make("ul", { class: "cite-dialog__chosen", "aria-label": "In this citation" });
      this.save = make("button", { type: "submit", class: "button" }, this.verb);
      const leave = make("button", { type: "button", class: "button button-secondary" }, "Cancel");
      const help = "By author, year, title or DOI. Enter takes the first one found.";
      this.form = make(
        "form",
        {},
        make("h2", { id: "cite-title" }, `${this.verb} sources`),
        make("label", { for: "cite-search" }, "Search the sources"),
        this.search,
        make("p", { id: "cite-help", class: "cite-dialog__help" }, help),
        this.chosen,
        this.said,
        this.results,
        make("div", { class: "cite-dialog__foot" }, this.save, leave),
      );
      this.dialog = make("dialog", { class: "cite-dialog", "aria-labelledby": "cite-title" }, this.form);
      this.search.addEventListener("input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.find(), 200);
      });
      this.search.addEventListener("keydown", (event) => this.typed(event));
      this.results.addEventListener("change", (event) => this.toggle(event.target.value));
      leave.addEventListener("click", () => this.dialog.close());
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.answer = this.keys;
        this.dialog.close();
      });
      this.dialog.addEventListener("close", () => this.leave());
      this.drawChosen();
    }
    async typed(event) {
      if (event.key !== "Enter" || !this.search.value.trim()) return;
      event.preventDefault();
      const words = this.search.value;
      const [first] = await this.find();
      // Words typed meanwhile are another question.
      if (!first || this.search.value !== words) return;
      if (!this.keys.includes(first.key)) this.toggle(first.key);
      this.search.value = "";
      this.find();
    }
    /* What is found; shown unless another question came meanwhile. */
    async find() {
      clearTimeout(this.timer);
      const asked = ++this.asked;
      try {
        const sources = await ask({ q: this.search.value });
        if (asked !== this.asked) return sources;
        sources.forEach((source) => known.set(source.key, source));
        this.said.textContent = found(sources.length);
        this.results.replaceChildren(...sources.map((source) => this.row(source)));
        return sources;
      } catch {
        this.said.textContent = "The sources can't be reached. What you chose is kept; try again.";
        return [];
      }
    }
    row(source) {
      const box = make("input", { type: "checkbox", value: source.key });
      box.checked = this.keys.includes(source.key);
      const kind = source.retracted ? "bad" : source.doubtful ? "doubtful" : "fine";
      const state = make("span", { class: `cite-state cite-state--${kind}` }, source.state);
      const where = [source.people, source.container, source.year].filter(Boolean).join(" · ");
      const short = make("strong", {}, source.short);
      const place = make("small", {}, where);
      const text = make("span", { class: "cite-dialog__text" }, short, ` ${source.title}`, place, state);
      return make("li", {}, make("label", {}, box, text));
    }
    toggle(key) {
      this.keys = this.keys.includes(key) ? this.keys.filter((other) => other !== key) : [...this.keys, key];
      this.results.querySelectorAll("input").forEach((box) => {
        box.checked = this.keys.includes(box.value);
      });
      this.drawChosen();
    }
    drawChosen() {
      this.chosen.replaceChildren(...this.keys.map((key) => this.chip(key)));
      this.chosen.hidden = !this.keys.length;
      this.save.textContent = this.keys.length > 1 ? `${this.verb} these ${this.keys.length}` : this.verb;
      this.save.disabled = !this.keys.length && !this.mayBeEmpty;
    }
    chip(key) {
      const name = known.get(key) ? known.get(key).short : "a source";
      const named = { type: "button", "aria-label": `Take out ${name}`, title: words(key) };
      const remove = make("button", named, `${name} ×`);
      remove.addEventListener("click", () => {
        this.toggle(key);
        this.search.focus();
      });
      return make("li", {}, remove);
    }
    leave() {
      clearTimeout(this.timer);
      listeners.delete(this.listener);
      this.dialog.remove();
      this.done(this.answer || null);
    }
  }

  window.footingSources = { Chooser, known, learn, listeners, words };
})();
