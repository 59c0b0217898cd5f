/** The page of leads: what others say must be looked into, and what became of it. */

import { showAccount } from "../account.js";
import { getJson } from "../api.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showMapTrouble, showTrouble } from "../session.js";
import { mayDrawMap } from "../webgl.js";
import { LeadsPage } from "./page.js";

/** @param {(id: string) => void} open */
async function makeMap(open) {
  if (!mayDrawMap()) return null;
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
