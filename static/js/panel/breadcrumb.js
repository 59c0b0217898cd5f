/** Where the page stands in the tree; every step leads back. */

import { el } from "../dom.js";

/**
 * @param {HTMLElement} place
 * @param {import("../types.js").Step[]} path root first
 * @param {import("../types.js").Step[]} tops where the reader's scope begins; those not on the path are offered beside it
 * @param {(step: import("../types.js").Step) => void} go
 */
export function showBreadcrumb(place, path, tops, go) {
  const items = path.map((step, index) => {
    const isLast = index === path.length - 1;
    const text = isLast
      ? el("span", { "aria-current": "page" }, step.name)
      : el("button", { type: "button", class: "link", onclick: () => go(step) }, step.name);
    return el("li", {}, text);
  });
  const others = tops.filter((top) => top.code !== path[0]?.code);
  place.replaceChildren(
    el("ol", {}, ...items),
    ...others.map((top) => el("button", { type: "button", class: "link other-root", onclick: () => go(top) }, top.name)),
  );
}
