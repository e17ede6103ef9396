/* On each page of the portal: sends what waits. Logging out takes this person's copies and waiting answers off the
   device, after asking. */
import { forget } from "./keep.js";
import { dropDrafts, remove, waiting } from "./queue.js";
import { sendAll } from "./sending.js";

const dialog = document.querySelector("[data-log-out-dialog]");
const link = document.querySelector("a[data-log-out]");

async function left(page) {
  try {
    await sendAll(page);
    return await waiting(page.owner);
  } catch {
    return [];
  }
}

async function goOut() {
  const answers = await left(link.dataset);
  if (answers.length) {
    dialog.showModal();
    return;
  }
  await clear([]);
}

/* What this person chose on this device. */
function forgetChoices(owner) {
  try {
    Object.keys(localStorage).filter((key) => key.endsWith(`.${owner}`)).forEach((key) => localStorage.removeItem(key));
  } catch { /* nothing is kept here */ }
}

async function clear(answers) {
  if (answers.length) await remove(...answers.map((one) => one.id));
  await dropDrafts(link.dataset.owner);
  await forget();
  forgetChoices(link.dataset.owner);
  location.assign(link.href);
}

/* Whoever closes the account leaves nothing on the device. */
function forgetWith(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { owner } = link.dataset;
      await remove(...(await waiting(owner)).map((one) => one.id));
      await dropDrafts(owner);
      await forget();
    } catch { /* nothing could be kept either */ }
    form.submit();
  });
}

/* Whatever page of the portal is open with a connection sends what waits; today shows it besides. */
function sendFromHere() {
  if (document.querySelector("[data-today]")) return;
  const send = () => { sendAll(link.dataset).catch(() => {}); };
  window.addEventListener("online", send);
  send();
}

if (dialog?.showModal && link) {
  sendFromHere();
  document.querySelectorAll("form[data-forget]").forEach(forgetWith);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    goOut().catch(() => location.assign(link.href));
  });
  dialog.querySelector("[data-log-out-stay]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-log-out-anyway]").addEventListener("click", async () => {
    await clear(await waiting(link.dataset.owner));
  });
}
