/* Citations in Wagtail's editor: the mark in the text, and the dialog that chooses its sources. */
"use strict";
(() => {
  const { createElement: element, Component } = window.React;
  const { EditorState, Modifier, SelectionState } = window.DraftJS;
  const TYPE = "CITATION";
  const address = () => JSON.parse(document.getElementById("footing-citation-choices").textContent);
  const keysOf = (data) => (data.keys || "").split(" ").filter(Boolean);
  const shown = (keys) => `[${keys.join("; ")}]`;

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
      /* Without an answer a mark shows its keys alone. */
    }
  }
  function words(key) {
    const source = known.get(key);
    if (source === undefined) return key;
    if (source === null) return `${key}: no such source`;
    return `${source.short}: ${source.title} (${source.state})`;
  }
  function doubt(keys) {
    const sources = keys.map((key) => known.get(key));
    if (sources.some((source) => source === null || (source && source.retracted))) return "bad";
    return sources.some((source) => source && source.doubtful) ? "doubtful" : "fine";
  }

  class Mark extends Component {
    componentDidMount() {
      this.listener = () => this.forceUpdate();
      listeners.add(this.listener);
      learn(this.keys());
    }
    componentDidUpdate() {
      learn(this.keys());
    }
    componentWillUnmount() {
      listeners.delete(this.listener);
    }
    keys() {
      return keysOf(this.props.contentState.getEntity(this.props.entityKey).getData());
    }
    render() {
      const keys = this.keys();
      const title = keys.map(words).join("\n");
      const mark = element("span", { className: `cite-mark cite-mark--${doubt(keys)}`, title }, this.props.children);
      const props = { ...this.props, icon: element("span"), label: "", url: null };
      return element(window.draftail.TooltipEntity, props, mark);
    }
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
    constructor(keys, done) {
      this.keys = [...keys];
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
      this.save = make("button", { type: "submit", class: "button" }, "Cite");
      const leave = make("button", { type: "button", class: "button button-secondary" }, "Cancel");
      const help = "By title, author, key or DOI. Enter takes the first one found.";
      this.form = make(
        "form",
        {},
        make("h2", { id: "cite-title" }, "Cite sources"),
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
      const where = [source.container, source.year, source.key].filter(Boolean).join(" · ");
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
      this.save.textContent = this.keys.length > 1 ? `Cite these ${this.keys.length}` : "Cite";
      this.save.disabled = !this.keys.length;
    }
    chip(key) {
      const name = known.get(key) ? known.get(key).short : key;
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

  /* Where an entity stands, in whichever block. */
  function rangeOf(content, entityKey) {
    let range = null;
    content.getBlockMap().forEach((block) => {
      block.findEntityRanges(
        (character) => character.getEntity() === entityKey,
        (start, end) => {
          range = range || { block: block.getKey(), start, end };
        },
      );
    });
    return range;
  }
  /* The citation that the caret touches: the Cite button then changes it, also by keyboard. */
  function touched(editorState) {
    const selection = editorState.getSelection();
    const content = editorState.getCurrentContent();
    const block = content.getBlockForKey(selection.getEndKey());
    return [selection.getEndOffset() - 1, selection.getEndOffset()]
      .map((offset) => (offset >= 0 && offset < block.getLength() ? block.getEntityAt(offset) : null))
      .find((key) => key && content.getEntity(key).getType() === TYPE);
  }
  function place(editorState, entityKey, keys) {
    const content = editorState.getCurrentContent();
    const range = entityKey && rangeOf(content, entityKey);
    const end = editorState.getSelection().getEndOffset();
    const at = range || { block: editorState.getSelection().getEndKey(), start: end, end };
    const selection = SelectionState.createEmpty(at.block).merge({ anchorOffset: at.start, focusOffset: at.end });
    const withEntity = content.createEntity(TYPE, "IMMUTABLE", { keys: keys.join(" ") });
    const made = withEntity.getLastCreatedEntityKey();
    const replaced = Modifier.replaceText(withEntity, selection, shown(keys), null, made);
    return EditorState.push(editorState, replaced, "insert-characters");
  }

  class Source extends Component {
    componentDidMount() {
      const { editorState, entityKey, onComplete, onClose } = this.props;
      const changed = entityKey || touched(editorState);
      const before = changed ? keysOf(editorState.getCurrentContent().getEntity(changed).getData()) : [];
      this.chooser = new Chooser(before, (keys) => {
        if (keys) onComplete(place(editorState, changed, keys));
        else onClose();
      });
    }
    render() {
      return null;
    }
  }

  window.draftail.registerPlugin({ type: TYPE, source: Source, decorator: Mark }, "entityTypes");
})();
