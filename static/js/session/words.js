/* The page's own words, so that no sentence stands in a script. */
const part = document.querySelector("[data-words-part]");
const spoken = part ? [...part.content.querySelectorAll("[data-word-of]")] : [];
const words = new Map(spoken.map((one) => [one.dataset.wordOf, one.textContent]));

/* "Set {n} of {of}" with its numbers. */
export function say(key, values = {}) {
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words.get(key) || "");
}

export function copyOf(name) {
  return document.querySelector(`[data-${name}-part]`).content.firstElementChild.cloneNode(true);
}
