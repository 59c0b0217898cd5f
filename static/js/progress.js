/** A thin moving bar while answers are awaited; it shows only when they take a while. */

import { byId } from "./dom.js";

const PATIENCE_MS = 400;

export function watchProgress() {
  const bar = byId("progress");
  let timer = 0;
  document.addEventListener("wuyilou:pending", (event) => {
    const pending = /** @type {CustomEvent<number>} */ (event).detail;
    document.documentElement.dataset.pending = String(pending);
    if (pending === 0) {
      clearTimeout(timer);
      timer = 0;
      bar.hidden = true;
    } else if (!timer) {
      timer = window.setTimeout(() => (bar.hidden = false), PATIENCE_MS);
    }
  });
}
