/* A figure stands still until somebody asks: a button begins its movement, and pauses it. After three
   times it stands still again by itself (WCAG 2.2.2). Without this script start and end are shown. */
const MOVES = "animate, animateTransform";
const LED = "figure--led"; // by a session's count, which has a button of its own

const movesOf = (film) => [...film.querySelectorAll(MOVES)];

/* All of its movements from the same moment, the film's own beginning. */
export function begin(film) {
  film.setCurrentTime(0);
  movesOf(film).forEach((move) => move.beginElement());
  film.unpauseAnimations();
}

/* Back to the start, where it stands. */
function end(film) {
  movesOf(film).forEach((move) => move.endElement());
  film.unpauseAnimations();
}

/* From now on it moves with the count: its time is set from outside. */
export function lead(figure, film) {
  if (!figure.classList.contains(LED)) begin(film);
  figure.classList.add(LED);
  film.pauseAnimations();
}

export function letGo(figure, film) {
  figure.classList.remove(LED);
  end(film);
}

function enliven(figure) {
  const film = figure.querySelector(".figure__moving");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button figure__play";
  button.setAttribute("aria-description", figure.querySelector("[role=img]").getAttribute("aria-label"));
  figure.classList.add("figure--can-play");
  figure.append(button);
  let state = "still";

  function become(next) {
    state = next;
    figure.classList.toggle("figure--playing", next === "playing");
    button.textContent = next === "playing" ? figure.dataset.pause : figure.dataset.play;
  }
  function play() {
    if (figure.classList.contains(LED)) return;
    if (state === "paused") film.unpauseAnimations();
    else begin(film);
    become("playing");
  }
  button.addEventListener("click", () => {
    if (state !== "playing") return play();
    film.pauseAnimations();
    return become("paused");
  });
  movesOf(film)[0].addEventListener("endEvent", () => become("still"));
  addEventListener("beforeprint", () => { if (state !== "still") end(film); });
  become("still");
  return play;
}

/* In the session it shows the way by itself, when its step comes up. */
function playWhenSeen(figure, play) {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.at(-1).isIntersecting) return;
    watch.disconnect();
    play();
  }, { threshold: 0.5 });
  watch.observe(figure);
}

const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

function look() {
  document.querySelectorAll(".figure--animated:not(.figure--can-play)").forEach((figure) => {
    const play = enliven(figure);
    if (figure.closest("[data-step]") && !isStill) playWhenSeen(figure, play);
  });
}

look();
/* Pages that fetch a part of themselves anew. */
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
