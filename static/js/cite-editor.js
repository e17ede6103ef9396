/* Citations in Wagtail's editor: the mark in the text. Its sources are chosen in cite-chooser.js. */
"use strict";
(() => {
  const { createElement: element, Component } = window.React;
  const { EditorState, Modifier, SelectionState } = window.DraftJS;
  const { Chooser, known, learn, listeners, words } = window.footingSources;
  const TYPE = "CITATION";
  const keysOf = (data) => (data.keys || "").split(" ").filter(Boolean);
  const short = (key) => (known.get(key) ? known.get(key).short : key);
  const shown = (keys) => `[${keys.map(short).join("; ")}]`;

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
