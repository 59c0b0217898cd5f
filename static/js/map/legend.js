/** What colours of a map mean. */

import { byId, el } from "../dom.js";

/**
 * List them in the map's corner.
 * @param {[text: string, colour: string, outline?: string][]} entries  an outline where the point is hollow
 */
export function showColours(entries) {
  byId("legend").replaceChildren(...entries.map(([text, colour, outline]) => el("li", {}, key(colour, outline), text)));
}

/** @param {string} colour @param {string} [outline] */
function key(colour, outline) {
  const mark = el("span", { class: "key" });
  mark.style.setProperty("--colour", colour);
  if (outline) mark.style.border = `2px solid ${outline}`;
  return mark;
}
