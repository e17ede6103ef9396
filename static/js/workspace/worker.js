/* The workspace's service worker: it keeps nothing, and shows that something waits. What wakes it is empty, so the
   words are here: not what waits, not about whom. `self.footing` is set by the page that imports this. */
const INBOX = "/workspace/inbox/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  event.waitUntil(
    self.registration.showNotification("Footing", {
      body: "An alert waits for you. Log in to see it.",
      icon: self.footing.icon,
      tag: "footing-inbox", // one, however many came
      renotify: true,
      data: INBOX,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

async function open(address) {
  const windows = await self.clients.matchAll({ type: "window" });
  const [there] = windows.filter((one) => new URL(one.url).pathname === address);
  return there ? there.focus() : self.clients.openWindow(address);
}
