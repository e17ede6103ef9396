/* What is typed into a form is kept on this device until the clinic has it: through a login that has
   ended, a lost connection, a closed tab, a page that was older than the record. It is encrypted with a
   key that only the person's own pages carry, and goes when they log out. */
const PREFIX = "footing.kept.";
const STORED = "footing_stored"; // a cookie: the key of the form that was stored
const SOON = 250; // ms after the last change
const OLDEST = 7 * 24 * 3600 * 1000;

const desk = document.querySelector("[data-kept-key]");
const mine = `${PREFIX}${desk?.dataset.keptOf}.`;
const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const text = (array) => btoa(String.fromCharCode(...array));
// Without TLS, and on a device that others use, too, nothing is kept.
const secret = crypto.subtle && desk
  ? crypto.subtle.importKey("raw", bytes(desk.dataset.keptKey), "AES-GCM", false, ["encrypt", "decrypt"])
  : null;

async function write(name, entry) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(entry));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await secret, plain));
  try {
    localStorage.setItem(name, `${text(iv)} ${text(sealed)}`);
  } catch {
    // The device is full, or keeps nothing: the form works all the same.
  }
}

async function read(name) {
  try {
    const [iv, sealed] = localStorage.getItem(name).split(" ").map(bytes);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await secret, sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    localStorage.removeItem(name);
    return null;
  }
}

const UNKEPT = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !UNKEPT.has(one.type));
const isTick = (field) => field.type === "checkbox" || field.type === "radio";

function isChanged(field) {
  if (isTick(field)) return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") {
    const first = [...field.options].some((one) => one.defaultSelected);
    return [...field.options].some((one, index) => one.selected !== (first ? one.defaultSelected : index === 0));
  }
  return field.value !== field.defaultValue;
}

/* The same form of the same page, whatever its keys are this time. A page with a new id in its address names
   its form (`data-kept-as`); of many equal forms on one page each says what it is about. */
const ABOUT = ["do", "place", "line", "phase", "program", "form"];
function nameOf(form) {
  if (form.dataset.keptAs) return mine + form.dataset.keptAs;
  const names = [...new Set(fieldsOf(form).map((one) => one.name))].sort().join(",");
  const about = ABOUT.map((name) => form.querySelector(`input[type=hidden][name="${name}"]`)?.value || "");
  return `${mine}${location.pathname}|${form.getAttribute("action") || ""}|${[form.id, ...about, names].join("|")}`;
}

const isKept = (form) =>
  form && form.method === "post" && desk.contains(form) && !("unkept" in form.dataset) && fieldsOf(form).length > 0;
const valuesOf = (form) =>
  fieldsOf(form).map((one) => [one.name, isTick(one) ? one.value : null, isTick(one) ? one.checked : one.value]);

async function keep(form) {
  if (!isKept(form) || !form.isConnected) return;
  if (!fieldsOf(form).some(isChanged)) {
    localStorage.removeItem(nameOf(form));
    return;
  }
  const key = form.elements.form_key ? form.elements.form_key.value : "";
  await write(nameOf(form), { at: Date.now(), key, values: valuesOf(form) });
}

const waits = new Map();
function soon({ target }) {
  const form = target.form;
  if (!isKept(form)) return;
  clearTimeout(waits.get(form));
  waits.set(form, setTimeout(keep, SOON, form));
}
function now({ target }) {
  const form = target.tagName === "FORM" ? target : target.form;
  if (!form || !waits.has(form)) return;
  clearTimeout(waits.get(form));
  waits.delete(form);
  keep(form);
}

function putBack(form, values) {
  const fields = fieldsOf(form);
  for (const [name, option, value] of values) {
    const found = fields.filter((one) => one.name === name && (option === null || one.value === option));
    for (const field of found) {
      if (option === null) field.value = value;
      else field.checked = value;
    }
  }
  const [first] = fields.filter(isChanged);
  if (first) {
    first.dispatchEvent(new Event("input", { bubbles: true }));
    first.focus();
  }
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function offer(form, entry) {
  const note = document.createElement("div");
  note.className = "notice kept-offer";
  const { lang } = document.documentElement;
  const when = new Date(entry.at).toLocaleString(lang, { weekday: "long", hour: "numeric", minute: "2-digit" });
  const words = document.createElement("p");
  words.textContent = `${desk.dataset.keptWords} ${when}.`;
  const back = button(desk.dataset.keptBack, () => {
    putBack(form, entry.values);
    note.remove();
  });
  back.classList.add("button--primary");
  const away = button(desk.dataset.keptAway, () => {
    localStorage.removeItem(nameOf(form));
    note.remove();
    form.querySelector("button")?.focus();
  });
  note.append(words, back, away);
  note.setAttribute("role", "status");
  form.before(note);
}

function entries() {
  return Object.keys(localStorage).filter((name) => name.startsWith(mine));
}

async function forgetStored() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${STORED}=`));
  const key = cookie && cookie.slice(STORED.length + 1);
  if (cookie) document.cookie = `${STORED}=; max-age=0; path=/; samesite=strict`;
  for (const name of entries()) {
    const entry = await read(name);
    if (entry && ((key && entry.key === key) || Date.now() - entry.at > OLDEST)) localStorage.removeItem(name);
  }
}

async function begin() {
  await forgetStored();
  for (const form of [...document.forms].filter(isKept)) {
    const name = nameOf(form);
    if (!localStorage.getItem(name)) continue;
    const entry = await read(name);
    if (entry && JSON.stringify(entry.values) !== JSON.stringify(valuesOf(form))) offer(form, entry);
  }
}

if (secret) {
  document.addEventListener("input", soon);
  document.addEventListener("change", soon);
  document.addEventListener("focusout", now);
  document.addEventListener("submit", now, true);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") [...waits.keys()].forEach((form) => now({ target: form }));
  });
  // A part of a page that saves itself (htmx).
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (event.detail.successful && isKept(form)) localStorage.removeItem(nameOf(form));
  });
  begin();
}
