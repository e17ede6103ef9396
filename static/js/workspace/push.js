/* The workspace's service worker, where notifications were once switched on. */
export const registration = async () =>
  ("serviceWorker" in navigator && (await navigator.serviceWorker.getRegistration("/workspace/"))) || null;
