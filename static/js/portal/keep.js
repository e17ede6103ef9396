/* Copies of today, plan and session for days without a connection: one person's, and only these.
   They go when somebody else logs in, and at logout. */
const PAGES = "footing-pages";
const WHO = "/portal/kept-for";

export async function install() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/portal/worker.js", { scope: "/portal/" });
  } catch { /* a private window: everything works, only not without a connection */ }
}

export async function forget() {
  if (!("caches" in window)) return;
  await caches.delete(PAGES);
}

/* `page`: owner, what it shows today (`key`), addresses to keep; `html` is today's page itself. */
export async function keepCopies({ owner, key, keep, todayUrl }, html) {
  if (!("caches" in window)) return;
  const before = await (await caches.match(WHO, { cacheName: PAGES }))?.text();
  const now = `${owner} ${key}`;
  if (before !== undefined && before.split(" ")[0] !== owner) await caches.delete(PAGES);
  const pages = await caches.open(PAGES);
  await pages.put(todayUrl, new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  const wanted = keep.split(" ").filter(Boolean);
  await dropOthers(pages, new Set([todayUrl, WHO, ...wanted]));
  if (before === now) return;
  const all = await Promise.all(wanted.map((address) => copy(pages, address)));
  if (all.every(Boolean)) await pages.put(WHO, new Response(now));
}

async function dropOthers(pages, wanted) {
  const kept = await pages.keys();
  await Promise.all(kept.filter(({ url }) => !wanted.has(new URL(url).pathname)).map((one) => pages.delete(one)));
}

/* Asked for again only when it changed: 204 says that the copy is right. */
async function copy(pages, address) {
  const have = (await pages.match(address))?.headers.get("X-Copy") || "";
  try {
    const response = await fetch(`${address}?have=${have}`, { cache: "no-store", redirect: "manual" });
    if (response.status === 204) return true;
    if (response.ok) await pages.put(address, response);
    else await pages.delete(address);
    return response.ok;
  } catch {
    return false;
  }
}

