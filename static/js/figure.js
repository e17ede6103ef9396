/* A figure stands still until somebody asks: a button begins its movement, and pauses it. After three
   times it stands still again by itself (WCAG 2.2.2). Without this script start and end are shown. */
const MOVES = "animate, animateTransform";

export const movesOf = (film) => [...film.querySelectorAll(MOVES)];

/* All of its movements from the same moment, the film's own beginning. */
export function begin(film) {
  film.setCurrentTime(0);
  movesOf(film).forEach((move) => move.beginElement());
  film.unpauseAnimations();
}

function enliven(figure) {
  const film = figure.querySelector(".figure__moving");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button figure__play";
  figure.classList.add("figure--can-play");
  figure.append(button);
  let state = "still";

  function become(next) {
    state = next;
    figure.classList.toggle("figure--playing", next === "playing");
    button.textContent = next === "playing" ? figure.dataset.pause : figure.dataset.play;
  }
  function play() {
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
  become("still");
  return play;
}

/* In the session it shows the way by itself, when its step comes up. */
function playWhenSeen(figure, play) {
  const watch = new IntersectionObserver(([seen]) => {
    if (!seen.isIntersecting) return;
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
