/** Where the page stands in the tree; every step leads back. */

import { el } from "../dom.js";

/**
 * @param {HTMLElement} place
 * @param {import("../types.js").Step[]} path root first
 * @param {import("../types.js").Step[]} roots all of them; those not on the path are offered beside it
 * @param {(step: import("../types.js").Step) => void} go
 */
export function showBreadcrumb(place, path, roots, go) {
  const items = path.map((step, index) => {
    const isLast = index === path.length - 1;
    const text = isLast
      ? el("span", { "aria-current": "page" }, step.name)
      : el("button", { type: "button", class: "link", onclick: () => go(step) }, step.name);
    return el("li", {}, text);
  });
  const others = roots.filter((root) => root.code !== path[0]?.code);
  place.replaceChildren(
    el("ol", {}, ...items),
    ...others.map((root) => el("button", { type: "button", class: "link other-root", onclick: () => go(root) }, root.name)),
  );
}
