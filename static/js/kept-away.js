/* Whoever logs out leaves nothing of what they typed on this device, and it tells them nothing any more. */
import { registration } from "./workspace/push.js";

const PATIENCE = 2000; // ms

async function unsubscribe(form) {
  const found = await registration();
  const subscription = found && found.pushManager && (await found.pushManager.getSubscription());
  if (!subscription) return;
  form.elements.push_endpoint.value = subscription.endpoint;
  await subscription.unsubscribe();
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  Promise.race([unsubscribe(event.target).catch(() => {}), late]).then(() => event.target.submit());
  const typed = Object.keys(localStorage).filter((name) => name.startsWith("footing.kept."));
  typed.forEach((name) => localStorage.removeItem(name));
  const timers = Object.keys(sessionStorage).filter((name) => name.startsWith("footing-timer"));
  timers.forEach((name) => sessionStorage.removeItem(name));
});
