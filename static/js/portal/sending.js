/* Sends what waits: in order, each until the clinic has said that it is stored. The id is the
   device's own, so that an answer sent twice is stored once. */
import { keep, remove, waiting } from "./queue.js";

const REFUSED = new Set([404, 409, 422]); // sending it again would change nothing
const OPTIONS = { cache: "no-store", redirect: "manual", credentials: "same-origin" };
const HEADERS = { Accept: "application/json" };

/* One tab at a time, where the browser can see to that; twice would do no harm. */
function alone(work) {
  return navigator.locks ? navigator.locks.request("footing.sending", work) : work();
}

/* `page`: the owner, and the address that says who is logged in. Never throws. */
export function sendAll(page, { again = false } = {}) {
  return alone(() => sendInOrder(page, again));
}

async function sendInOrder({ owner, connection }, again) {
  const result = { sent: new Map(), refused: new Set(), isSignedOut: false, isOffline: false, isTrouble: false };
  try {
    const answers = (await waiting(owner)).filter((one) => again || !one.refused);
    if (!answers.length) return result;
    const token = await tokenFor(owner, connection, result);
    if (!token) return result;
    for (const answer of answers) {
      if (!await sendOne(answer, token, result)) break;
    }
  } catch {
    result.isOffline = true;
  }
  return result;
}

/* A fresh token, for the person whose answers these are and for nobody else. */
async function tokenFor(owner, connection, result) {
  const response = await fetch(connection, { ...OPTIONS, headers: HEADERS });
  if (!response.ok) {
    // A redirect leads to the login page; what else goes wrong is the clinic's side.
    if (response.type === "opaqueredirect") result.isSignedOut = true;
    else result.isTrouble = true;
    return null;
  }
  const known = await response.json();
  if (known.owner !== owner) result.isSignedOut = true;
  return known.owner === owner ? known.token : null;
}

/* True when the next one may follow. */
async function sendOne(answer, token, result) {
  const body = new URLSearchParams(answer.fields);
  body.set("waited", String(Math.max(0, Math.round((Date.now() - answer.finished) / 1000))));
  const headers = { ...HEADERS, "X-CSRFToken": token };
  const response = await fetch(answer.url, { ...OPTIONS, method: "POST", headers, body });
  if (response.ok) {
    result.sent.set(answer.id, (await response.json()).next);
    await remove(answer.id);
    return true;
  }
  if (REFUSED.has(response.status)) {
    result.refused.add(answer.id);
    await keep({ ...answer, refused: true });
    return true;
  }
  result.isTrouble = response.type !== "opaqueredirect";
  result.isSignedOut = !result.isTrouble;
  return false;
}
