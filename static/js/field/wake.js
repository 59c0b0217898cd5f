/** Keep the screen on while recording: with the screen off no web page gets positions. */

export class WakeLock {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    /** @type {WakeLockSentinel|null} */
    this.lock = null;
    this.isWanted = false;
    document.addEventListener("visibilitychange", () => void this.#ask());
  }

  /** Whether the screen may go off although it should not. */
  get isMissing() {
    return this.isWanted && document.visibilityState === "visible" && !this.lock;
  }

  /** @param {boolean} wanted */
  async want(wanted) {
    if (wanted === this.isWanted) return;
    this.isWanted = wanted;
    if (wanted) await this.#ask();
    else await this.lock?.release();
  }

  async #ask() {
    if (!this.isWanted || this.lock || document.visibilityState !== "visible") return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => {
        this.lock = null;
        this.changed();
      });
      this.lock = lock;
    } catch {
      this.lock = null; // not allowed, or battery saving: the page says that the screen must be kept on by hand
    }
    this.changed();
  }
}
