/** The page of leads: what others say must be looked into, and what became of it. */

import { showAccount } from "../account.js";
import { getJson } from "../api.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showMapTrouble, showTrouble } from "../session.js";
import { LeadsPage } from "./page.js";

/** @returns {boolean} */
function hasWebGL2() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** @param {(id: string) => void} open */
async function makeMap(open) {
  if (!hasWebGL2()) {
    byId("map").hidden = true;
    byId("no-map").hidden = false;
    return null;
  }
  const [{ LeadsMap }, status] = await Promise.all([import("./map.js"), getJson("/api/status")]);
  const bounds = (status.roots[0] ?? status.single_grids[0])?.bbox ?? null;
  return new LeadsMap(byId("map"), bounds, open, showMapTrouble);
}

watchProgress();
try {
  const person = await requireSession("leads.read");
  showAccount(byId("account"), person);
  const page = new LeadsPage(person);
  await page.start(await makeMap((id) => void page.open(id)));
} catch (error) {
  showTrouble(error);
}
