/** How cases look on maps and in legends: pins, unlike the marks of sites. */

import { svg } from "../dom.js";

/** Word, letter, fill and ink by state. @type {Record<string, [word: string, letter: string, fill: string, ink: string]>} */
export const CASE_LOOKS = {
  registered: ["已登记", "登", "#4a1270", "#ffffff"],
  rectifying: ["整治中", "治", "#8e5bb5", "#ffffff"],
  closed: ["已完成整治", "完", "#e3d5ef", "#33104d"],
  struck_off: ["已销号", "销", "#ffffff", "#33104d"],
};
export const CASE_SIZE = 26;
/** A pin: its foot is the place. */
export const CASE_PATH = "M13 25 L6 16.5 A9.4 9.4 0 1 1 20 16.5 Z";

/** The pin of a state for a legend. @param {string} state */
export function caseMark(state) {
  const [, letter, fill, ink] = CASE_LOOKS[state];
  const text = svg("text", { x: 13, y: 14, "text-anchor": "middle", "font-size": 11, "font-weight": 700, fill: ink }, letter);
  return svg("svg", { class: "state-mark", viewBox: "0 0 26 26", width: 22, height: 22, "aria-hidden": "true" }, svg("path", { d: CASE_PATH, fill, stroke: "#4a1270" }), text);
}
