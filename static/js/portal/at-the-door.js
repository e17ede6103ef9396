/* Before logging in: whether answers wait on this device. Of whom they are is not said. */
import { countWaiting } from "./queue.js";

const place = document.querySelector("[data-answers-wait]");
countWaiting().then((count) => { place.hidden = !count; }).catch(() => { /* nothing is kept here */ });
