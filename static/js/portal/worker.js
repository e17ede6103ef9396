/* The portal's service worker. `self.footing` (version, files, fresh) is set by the page that
   imports this. It keeps the app's files, and answers a page from its copy when the line is dead.
   It writes no page itself: today does that, for the person who is logged in (keep.js). */
const { version, files, fresh } = self.footing;
const SHELL = `footing-shell-${version}`;
const PAGES = "footing-pages";
const PATIENCE = 5000; // ms until a kept page is shown instead of a slow one

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()));
});

async function dropOldShells() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("footing-shell-") && name !== SHELL);
  return Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith("/portal/")) event.respondWith(page(request, pathname));
  else if (files.includes(pathname)) event.respondWith(file(request));
});

async function file(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request, { ignoreSearch: true, ignoreVary: true });
  if (kept && !fresh) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/* A session's address holds an id of its own; its copy is kept under the plan's. */
function keptUnder(pathname) {
  const session = /^(\/portal\/session\/[0-9a-f-]{36}\/)[0-9a-f-]{36}\/$/.exec(pathname);
  return session ? session[1] : pathname;
}

async function page(request, pathname) {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(keptUnder(pathname), { ignoreVary: true });
  const answer = fetch(request);
  if (!kept) return answer.catch(() => lost(pages));
  const late = new Promise((resolve) => { setTimeout(() => resolve(kept.clone()), PATIENCE); });
  return Promise.race([answer.catch(() => kept.clone()), late]);
}

/* Without a copy of this page: today's, which says that there is no connection. */
async function lost(pages) {
  return (await pages.match("/portal/", { ignoreVary: true })) || Response.error();
}
