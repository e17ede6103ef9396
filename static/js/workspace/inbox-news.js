/* What waits for the therapist, asked again every half minute while the page is looked at: the number in the rail and
   in the title, and a word for screen readers when there is more. Nothing on the page moves. */

const EVERY_MS = 30_000;
const link = document.querySelector("[data-inbox-news]");
const title = document.title;
let tag = "";
let waiting = null;

function show(news) {
  const count = link.querySelector("[data-inbox-count]");
  count.textContent = news.waiting ? String(news.waiting) : "";
  count.hidden = !news.waiting;
  count.classList.toggle("count--late", news.late > 0);
  link.setAttribute("aria-label", `Needs me: ${news.waiting}${news.late ? `, ${news.late} overdue` : ""}`);
  document.title = news.waiting ? `(${news.waiting}) ${title}` : title;
  if (waiting !== null && news.waiting > waiting) {
    const words = news.waiting === 1 ? "1 thing waits" : `${news.waiting} things wait`;
    document.querySelector("[data-inbox-said]").textContent = `New: ${words} for you.`;
    document.querySelectorAll("[data-inbox-new]").forEach((one) => one.removeAttribute("hidden"));
  }
  waiting = news.waiting;
}

async function ask() {
  if (document.visibilityState !== "visible") return true;
  try {
    const answer = await fetch(link.dataset.inboxNews, { headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.redirected) return false; // logged out: the next click leads to the login
    tag = answer.headers.get("ETag") || "";
    if (answer.status === 200) show(await answer.json());
    return answer.status < 400;
  } catch {
    return true; // no connection for a moment
  }
}

async function goOn() {
  if (await ask()) setTimeout(goOn, EVERY_MS);
}

if (link) {
  goOn();
  document.addEventListener("visibilitychange", ask);
}
