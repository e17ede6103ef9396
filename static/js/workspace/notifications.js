/* Switches notifications of this browser on and off. The form sends where its push service is reached. */
import { registration } from "./push.js";

const desk = document.querySelector("[data-push]");
const say = (name) => {
  desk.querySelectorAll("[data-push-state]").forEach((one) => {
    one.toggleAttribute("hidden", one.dataset.pushState !== name);
  });
};

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const key = bytes(desk.dataset.pushKey);

/* Made for another installation's key, or before this one's was changed: it is never reached again. */
function isOurs(subscription) {
  const theirs = subscription.options && subscription.options.applicationServerKey;
  return !theirs || new Uint8Array(theirs).every((one, index) => one === key[index]);
}

async function current() {
  const found = await registration();
  const subscription = found && (await found.pushManager.getSubscription());
  if (!subscription || isOurs(subscription)) return subscription;
  await subscription.unsubscribe();
  return null;
}

function send(name, endpoint) {
  const form = desk.querySelector(`form[data-push-form="${name}"]`);
  form.elements.endpoint.value = endpoint;
  form.submit();
}

async function switchOn() {
  if ((await Notification.requestPermission()) !== "granted") {
    show();
    return;
  }
  say("busy");
  try {
    await navigator.serviceWorker.register("/workspace/worker.js", { scope: "/workspace/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    send("on", made.endpoint);
  } catch {
    say("failed");
  }
}

async function switchOff() {
  say("busy");
  const subscription = await current();
  if (subscription) await subscription.unsubscribe();
  send("off", subscription ? subscription.endpoint : "");
}

async function show() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    say("impossible");
  } else if (Notification.permission === "denied") {
    say("denied");
  } else {
    const subscription = await current();
    const known = desk.dataset.pushKnown.split(" ");
    say(subscription && known.includes(await digest(subscription.endpoint)) ? "on" : "off");
  }
}

async function digest(text) {
  const found = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(found)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

desk.querySelector("[data-push-on]").addEventListener("click", switchOn);
desk.querySelector("[data-push-off]").addEventListener("click", switchOff);
desk.querySelector("[data-push-again]").addEventListener("click", switchOn);
show();
