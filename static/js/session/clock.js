/* How long something has been running, read from time stamps: right also after the tab slept. */
export class Clock {
  constructor(now = () => Date.now()) {
    this.now = now;
    this.before = 0; // seconds up to the last start
    this.since = null;
  }

  get isRunning() {
    return this.since !== null;
  }

  get elapsed() {
    return this.before + (this.isRunning ? Math.max(0, this.now() - this.since) / 1000 : 0);
  }

  start() {
    if (!this.isRunning) this.since = this.now();
  }

  pause() {
    this.before = this.elapsed;
    this.since = null;
  }

  moveTo(seconds) {
    this.before = seconds;
    if (this.isRunning) this.since = this.now();
  }
}
