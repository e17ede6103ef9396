/* Sound, vibration, ring, voice, and a screen that stays awake. The choices are kept on the device. */
// Each person's own: another one on this device chooses for themselves.
const KEPT = `footing.session.${document.querySelector("form[data-session]")?.dataset.owner || ""}`;
/* `rest`: seconds between sets where the dosage says none, 0 for as long as one likes. `auto`: it goes on
   by itself, for hands that are busy. */
const DEFAULTS = { sound: true, vibration: true, ring: true, voice: false, auto: false, rest: 20 };
const TONES = { tick: [880, 0.06], out: [520, 0.12], back: [390, 0.12], ready: [660, 0.08] };
let choices = read();
let sound = null;
let awake = null;

function read() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEPT) || "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

export function isOn(name) {
  return choices[name] === true;
}

export function restChosen() {
  const seconds = Number(choices.rest);
  return seconds >= 0 ? seconds : DEFAULTS.rest;
}

export function choose(name, value) {
  choices = { ...choices, [name]: value };
  try {
    localStorage.setItem(KEPT, JSON.stringify(choices));
  } catch { /* storage is full or switched off: the choice holds for this page */ }
}

/* Browsers let a page sound only after a press. */
export function wake() {
  const Audio = window.AudioContext || window.webkitAudioContext;
  if (!sound && Audio) sound = new Audio();
  if (sound && sound.state === "suspended") sound.resume();
}

function tone(frequency, seconds, delay = 0) {
  if (!isOn("sound") || !sound) return;
  const begin = sound.currentTime + delay;
  const source = sound.createOscillator();
  const volume = sound.createGain();
  source.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, begin);
  volume.gain.exponentialRampToValueAtTime(0.25, begin + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
  source.connect(volume).connect(sound.destination);
  source.start(begin);
  source.stop(begin + seconds + 0.02);
}

function shake(pattern) {
  if (isOn("vibration") && navigator.vibrate) navigator.vibrate(pattern);
}

export const canVibrate = Boolean(navigator.vibrate);

export function tick() {
  tone(...TONES.tick);
}

/* A new moment began. */
export function moved(kind) {
  const known = { out: TONES.out, back: TONES.back, hold: TONES.ready, ready: TONES.ready, change: TONES.ready }[kind];
  if (known) tone(...known);
  shake(kind === "out" || kind === "back" ? 40 : [80, 60, 80]);
}

/* A set is over (`whole`: the exercise is). */
export function ended(whole) {
  tone(523, 0.18);
  tone(659, 0.18, 0.18);
  if (whole) tone(784, 0.35, 0.36);
  shake(whole ? [150, 80, 150, 80, 300] : [150, 80, 150]);
}

export const canSpeak = "speechSynthesis" in window;

export function speak(text) {
  const voice = window.speechSynthesis;
  if (voice.speaking) {
    voice.cancel();
    return;
  }
  say(text);
}

function say(text) {
  const said = new SpeechSynthesisUtterance(text);
  said.lang = document.documentElement.lang;
  said.rate = 0.9;
  window.speechSynthesis.speak(said);
}

/* What comes next, for eyes that are elsewhere; the last word counts. */
export function callOut(text) {
  if (!isOn("voice") || !canSpeak) return;
  hush();
  say(text);
}

export function hush() {
  if (canSpeak) window.speechSynthesis.cancel();
}

/* The screen stays on while the page is looked at; a phone that can't do it goes on without. */
export async function stayAwake() {
  if (!navigator.wakeLock || document.hidden) return;
  try {
    awake = await navigator.wakeLock.request("screen");
  } catch { awake = null; }
}

export function letSleep() {
  if (awake) awake.release();
  awake = null;
}
