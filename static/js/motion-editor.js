/* The figure and its load table follow the sliders. Without this script the numbers still save. */
"use strict";
const FOLLOWED = [
  "code", "kind", "nerve", "needs_helper", "pose", "title", "patient_title", "hold_seconds", "out_seconds",
  "back_seconds", "rule_reason",
];

function startMotionEditor(editor) {
  const form = editor.closest("form");
  const preview = editor.querySelector("[data-motion-preview]");
  const side = editor.querySelector("select[name$='-side']");
  let timer;
  let asked = 0;

  function field(name) {
    return form.elements[name];
  }

  function showKind() {
    const balance = field("kind").value === "balance";
    editor.querySelectorAll("[data-motion-kind]").forEach((table) => {
      table.hidden = (table.dataset.motionKind === "balance") !== balance;
    });
    side.disabled = false;
    side.closest("label").hidden = balance;
  }

  async function draw() {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (FOLLOWED.includes(name) || name.startsWith(side.name.replace(/side$/, ""))) data.append(name, value);
    }
    data.append("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
    const mine = ++asked;
    try {
      const answer = await fetch(editor.dataset.preview, { method: "POST", body: data });
      const html = await answer.text();
      if (mine === asked && answer.ok) preview.innerHTML = html;
    } catch {
      preview.textContent = "No connection: the figure can't follow just now. What you typed is kept.";
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(draw, 150);
  }

  function pair(control) {
    const [slider, number] = control.querySelectorAll("input");
    slider.addEventListener("input", () => { number.value = slider.value; });
    number.addEventListener("input", () => { slider.value = number.value; });
  }

  function set(name, value) {
    const input = field(name);
    if (!input) return;
    input.value = value;
    const slider = input.parentElement.querySelector("[data-motion-slider]");
    if (slider) slider.value = value;
  }

  function mirror() {
    if (field("kind").value !== "balance") {
      side.value = side.value === "left" ? "right" : "left";
    } else {
      const base = side.name.replace(/side$/, "");
      for (const end of ["A", "B"]) {
        const at = (name) => `${base}${end}-b-${name}`;
        for (const joint of ["hip", "hip_abd", "knee", "ankle"]) {
          const left = field(at(`L-${joint}`)).value;
          set(at(`L-${joint}`), field(at(`R-${joint}`)).value);
          set(at(`R-${joint}`), left);
        }
        for (const joint of ["trunk_side", "neck_rot"]) set(at(joint), -Number(field(at(joint)).value) || 0);
        const weight = field(at("com"));
        weight.value = weight.value.replace(/[LR]$/, (way) => (way === "L" ? "R" : "L"));
      }
    }
    draw();
  }

  function fill(motion) {
    const base = side.name.replace(/side$/, "");
    side.value = motion.side || "right";
    field("pose").value = motion.pose;
    for (const end of ["A", "B"]) {
      const balance = "L" in motion[end];
      for (const [joint, value] of Object.entries(motion[end])) {
        if (typeof value === "object") {
          for (const [inner, angle] of Object.entries(value)) set(`${base}${end}-b-${joint}-${inner}`, angle);
        } else {
          set(`${base}${end}-${balance ? "b-" : ""}${joint}`, value);
        }
      }
    }
  }

  async function startFrom(event) {
    if (!event.target.value) return;
    const answer = await fetch(editor.dataset.source.replace("/0/", `/${event.target.value}/`));
    if (!answer.ok) return;
    const source = await answer.json();
    field("kind").value = source.kind;
    field("nerve").value = source.nerve;
    fill(source.motion);
    showKind();
    draw();
  }

  editor.querySelectorAll(".motion-control").forEach(pair);
  editor.querySelector("[data-motion-mirror]").addEventListener("click", mirror);
  editor.querySelector("[data-motion-from]").addEventListener("change", startFrom);
  form.addEventListener("input", (event) => {
    const name = event.target.name || "";
    const isSlider = event.target.matches("[data-motion-slider]");
    if (isSlider || FOLLOWED.includes(name) || editor.contains(event.target)) later();
  });
  field("kind").addEventListener("change", () => { showKind(); later(); });
  showKind();
  draw();
}
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-motion-editor]").forEach(startMotionEditor);
});
