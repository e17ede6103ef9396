/* Answers that wait on this device, in one IndexedDB store and nowhere else. Each belongs to the
   person who was logged in, and goes as soon as the clinic has it. */
const NAME = "footing";
const STORE = "answers";

function wait(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

async function store(mode) {
  const opening = indexedDB.open(NAME, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE, { keyPath: "id" }));
  const base = await wait(opening);
  const transaction = base.transaction(STORE, mode, { durability: "strict" });
  const over = new Promise((resolve, reject) => {
    transaction.addEventListener("complete", resolve);
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
  over.catch(() => {}).then(() => base.close());
  return { answers: transaction.objectStore(STORE), over };
}

/* `answer`: id, owner, url, fields, finished (ms), severity, holds, and perhaps refused or isDraft: a session
   that is still going on, for a tab that is killed in the middle of it. */
export async function keep(answer) {
  const { answers, over } = await store("readwrite");
  answers.put(answer);
  await over;
}

/* Never over an answer that is finished: another tab may have finished it. */
export async function keepDraft(draft) {
  const { answers, over } = await store("readwrite");
  const known = answers.get(draft.id);
  known.addEventListener("success", () => { if (!known.result || known.result.isDraft) answers.put(draft); });
  await over;
}

export async function remove(...ids) {
  const { answers, over } = await store("readwrite");
  ids.forEach((id) => answers.delete(id));
  await over;
}

export async function find(id) {
  const { answers } = await store("readonly");
  return wait(answers.get(id));
}

async function of(owner) {
  const { answers } = await store("readonly");
  const all = await wait(answers.getAll());
  return all.filter((one) => one.owner === owner).sort((one, other) => one.finished - other.finished);
}

/* How many answers wait here, whosever they are; of whom is not told. */
export async function countWaiting() {
  const { answers } = await store("readonly");
  const all = await wait(answers.getAll());
  return all.filter((one) => !one.isDraft && !one.refused).length;
}

/* Finished sessions of one person, oldest first. */
export async function waiting(owner) {
  return (await of(owner)).filter((one) => !one.isDraft);
}

/* The session of today that one person began and never finished, if it is of this plan (its address). */
export async function begun(owner, planAddress) {
  const today = new Date().toDateString();
  const drafts = (await of(owner)).filter((one) => one.isDraft && one.url.startsWith(planAddress));
  return drafts.filter((one) => new Date(one.finished).toDateString() === today).at(-1) || null;
}

/* What answers that wait here hold back, as the clinic would: kinds of exercises. What ends with its
   day ('today@day') holds on the day it was told. */
export async function heldHere(owner) {
  const today = new Date().toDateString();
  const held = (await waiting(owner)).flatMap((one) => (one.holds || []).map((hold) => [hold, one.finished]));
  const still = held.filter(([hold, at]) => !hold.endsWith("@day") || new Date(at).toDateString() === today);
  return new Set(still.map(([hold]) => hold.replace("@day", "")));
}

/* What one person began and never finished: all of it, or what is older than a day. */
export async function dropDrafts(owner, olderThan = 0) {
  const drafts = (await of(owner)).filter((one) => one.isDraft && Date.now() - one.finished >= olderThan);
  if (drafts.length) await remove(...drafts.map((one) => one.id));
}
