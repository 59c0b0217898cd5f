/** The service worker: the page without a network, and its new versions. */

export class OfflineCopy {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    /** @type {"preparing"|"ready"|"failed"} */
    this.state = "preparing";
    /** @type {ServiceWorker|null} a new version that waits for the person */
    this.waiting = null;
    this.isTakingOver = false;
  }

  async start() {
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (this.isTakingOver) location.reload();
    });
    try {
      const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/field", updateViaCache: "none" });
      registration.addEventListener("updatefound", () => this.#follow(registration.installing));
      this.#follow(registration.installing);
      this.#found(registration);
    } catch {
      // No network: what was kept before goes on serving the page.
      this.state = navigator.serviceWorker.controller ? "ready" : "failed";
    }
    this.changed();
  }

  /** @param {ServiceWorkerRegistration} registration */
  #found(registration) {
    if (registration.active) this.state = "ready";
    this.waiting = registration.active ? registration.waiting : null;
  }

  /** @param {ServiceWorker|null} worker being installed */
  #follow(worker) {
    worker?.addEventListener("statechange", () => {
      if (worker.state === "activated") this.state = "ready";
      if (worker.state === "redundant" && this.state === "preparing") this.state = "failed";
      this.waiting = worker.state === "installed" && navigator.serviceWorker.controller ? worker : null;
      this.changed();
    });
  }

  /** Go over to the new version; a patrol being recorded goes on. */
  takeOver() {
    this.isTakingOver = true;
    this.waiting?.postMessage("take-over");
  }
}
