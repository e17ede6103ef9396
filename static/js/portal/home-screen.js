/* 'Add to home screen', asked after a session was stored, once on each device, and never of who has it. */
const KEPT = "footing.home-screen";
const place = document.querySelector("[data-home-screen]");
const add = place.querySelector("[data-home-screen-add]");
const isApp = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isIos = /iPad|iPhone|iPod/.test(navigator.userAgent);

function wasAsked() {
  try {
    return localStorage.getItem(KEPT) !== null;
  } catch {
    return true;
  }
}

function end() {
  place.hidden = true;
  try {
    localStorage.setItem(KEPT, "asked");
  } catch { /* nothing is kept in this window */ }
}

function show(part) {
  if (isApp || wasAsked()) return;
  part.hidden = false;
  place.hidden = false;
}

place.querySelector("[data-home-screen-no]").addEventListener("click", end);
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  add.addEventListener("click", () => {
    event.prompt();
    end();
  }, { once: true });
  show(add);
});
if (isIos) show(place.querySelector("[data-home-screen-ios]"));
