/* What the device can say by itself, without a connection: from single answers, the worst first. */
const AMBER_RISE = 2; // points, as programs/response.py has it (brief 3.1)
const AMBER_PAIN = 4;
const SEVERE_PAIN = 7;
const LOUD = { critical: "call-part", urgent: "call-clinic-part" };

function number(data, name) {
  const value = data.get(name);
  return value === null || value === "" ? null : Number(value);
}

function rise(data) {
  const before = number(data, "pain_before");
  const after = number(data, "pain_after");
  return before === null || after === null ? null : after - before;
}

function holds(line, data) {
  const { field, value } = line.dataset;
  if (field !== "rise") return data.getAll(field).includes(value);
  const points = rise(data);
  return points !== null && points >= Number(value);
}

/* The advice lines of these answers (elements with data-severity), each text once. */
export function linesFor(data) {
  const known = [...document.querySelector("[data-advice-part]").content.children];
  let lines = known.filter((line) => holds(line, data));
  if (lines.some((line) => line.dataset.field !== "stopped")) {
    lines = lines.filter((line) => line.dataset.field !== "stopped");
  }
  return once(lines);
}

export function once(lines) {
  return lines.filter((line, index) => lines.findIndex((one) => one.textContent === line.textContent) === index);
}

/* Against the patient's own 'before': a steady 5 is steady; severe pain always counts. */
function hurts(data) {
  const after = number(data, "pain_after");
  const points = rise(data);
  if (after === null) return false;
  return after >= SEVERE_PAIN || (after > AMBER_PAIN && (points === null || points > 0));
}

export function isAmber(data) {
  const points = rise(data);
  return (points !== null && points > AMBER_RISE) || hurts(data) || data.get("settled") === "by_morning";
}

/* What these answers hold back until the clinic knows of them: 'nerve', 'today@day' … */
export function holdsOf(data) {
  return [...new Set(linesFor(data).flatMap((line) => line.dataset.holds.split(" ")).filter(Boolean))];
}

/* Puts the advice into `place`; true when there was any. */
export function showAdvice(place, data) {
  const lines = linesFor(data);
  place.replaceChildren(...lines.map(box));
  if (lines.length || !isAmber(data)) return lines.length > 0;
  const mild = document.createElement("div");
  mild.className = "notice notice--amber";
  mild.append(document.querySelector("[data-amber-part]").content.cloneNode(true));
  place.append(mild);
  return true;
}

export function box(line) {
  const { severity } = line.dataset;
  const made = document.createElement("div");
  made.className = severity === "critical" ? "advice advice--critical" : "advice";
  made.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = line.textContent.trim();
  made.append(text);
  if (LOUD[severity]) made.append(document.querySelector(`[data-${LOUD[severity]}]`).content.cloneNode(true));
  return made;
}
