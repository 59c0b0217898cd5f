/** Whether this browser can draw a vector map, and what stands in its place where it cannot. */

import { byId } from "./dom.js";

/** @returns {boolean} */
export function hasWebGL2() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** Whether the page may draw its map; if not, it says so in the map's place. @returns {boolean} */
export function mayDrawMap() {
  if (hasWebGL2()) return true;
  for (const id of ["map", "legend"]) document.getElementById(id)?.setAttribute("hidden", "");
  byId("no-map").hidden = false;
  return false;
}
