/* The choices of this device: sound, voice, how long one rests, and whether it goes on by itself. */
import * as signals from "./signals.js";

const CANNOT = { vibration: !signals.canVibrate, voice: !signals.canSpeak };

/* Keeps what is chosen in `part`, then calls `changed`. Answers what shows the choices anew. */
export function bindOptions(part, changed = () => {}) {
  const inputs = [...part.querySelectorAll("[data-option]")];

  function show() {
    inputs.forEach((one) => {
      const name = one.dataset.option;
      if (one.type === "checkbox") one.checked = signals.isOn(name);
      else one.value = String(signals.restChosen());
    });
  }
  inputs.forEach((one) => {
    const name = one.dataset.option;
    if (CANNOT[name]) one.closest("label").hidden = true;
    one.addEventListener("change", (event) => {
      event.stopPropagation(); // no answer of the form
      signals.choose(name, one.type === "checkbox" ? one.checked : Number(one.value));
      // Who doesn't look hears what comes.
      if (name === "auto" && one.checked) signals.choose("voice", true);
      show();
      changed();
    });
  });
  show();
  return show;
}
