/* A dosage as moments one after the other. Plain data in, plain data out: no page, no clock. */
export const READY_SECONDS = 5; // to get into position; a design value of ours
export const MOVING = new Set(["out", "hold", "back"]);

/* `dose`: sets, reps, hold, rest (null: none is prescribed), out, back in seconds; side. `chosen`: the
   patient's rest where none is prescribed, 0 for as long as one likes; `ready` before the first set. */
export function timeline(dose, { chosen = 0, ready = READY_SECONDS } = {}) {
  const rest = dose.rest ?? (chosen || null);
  const sides = dose.side === "both" ? ["left", "right"] : [dose.side === "none" ? "" : dose.side];
  const moments = [];
  for (let set = 1; set <= dose.sets; set += 1) {
    if (set > 1) moments.push(...pause(rest, set, sides[0]));
    sides.forEach((side, index) => {
      const seconds = set === 1 && !index ? ready : READY_SECONDS;
      moments.push({ kind: index ? "change" : "ready", seconds, set, side, rep: 1 });
      for (let rep = 1; rep <= dose.reps; rep += 1) moments.push(...repeat(dose, set, side, rep));
    });
  }
  return moments;
}

/* No time said: it waits until the patient goes on. */
function pause(rest, set, side) {
  if (rest === 0) return [];
  if (rest === null) return [{ kind: "wait", seconds: Infinity, set, side, rep: 1 }];
  return [{ kind: "rest", seconds: rest, set, side, rep: 1 }];
}

/* A single repeat that is held is a position: one gets into it while getting ready. */
function repeat(dose, set, side, rep) {
  const parts = [
    ["out", dose.reps === 1 && dose.hold ? 0 : dose.out],
    ["hold", dose.hold],
    ["back", dose.reps === 1 && dose.hold ? 0 : dose.back],
  ];
  return parts.filter(([, seconds]) => seconds > 0).map(([kind, seconds]) => ({ kind, seconds, set, side, rep }));
}

/* Where one is after so many seconds: the moment, the share of it that is over, what is left of it. */
export function place(moments, elapsed) {
  let begin = 0;
  for (let index = 0; index < moments.length; index += 1) {
    const { seconds } = moments[index];
    if (elapsed < begin + seconds) {
      const into = Math.max(0, elapsed - begin);
      return { index, moment: moments[index], share: seconds === Infinity ? 0 : into / seconds, left: seconds - into };
    }
    begin += seconds;
  }
  return { index: moments.length, moment: null, share: 1, left: 0 };
}

/* When a moment begins, in seconds. */
export function beginOf(moments, index) {
  return moments.slice(0, index).reduce((sum, { seconds }) => sum + (seconds === Infinity ? 0 : seconds), 0);
}

/* Whether any movement came before this moment. */
export function hasMoved(moments, index) {
  return moments.slice(0, index).some(({ kind }) => MOVING.has(kind));
}

/* Where in the figure's own film (out, held, back) this is, in seconds. */
export function filmTime(dose, { moment, share }) {
  if (!moment || !MOVING.has(moment.kind)) return 0;
  const end = dose.out + dose.heldShown;
  if (moment.kind === "out") return share * dose.out;
  if (moment.kind === "hold") return dose.out + Math.min(share, 0.999) * dose.heldShown;
  return Math.min(end + share * dose.back, end + dose.back - 0.001);
}
