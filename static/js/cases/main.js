/** The page of cases: the list, the map, and one file in full. */

import { showAccount } from "../account.js";
import { getJson } from "../api.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { mayDrawMap } from "../webgl.js";
import { CasesPage } from "./page.js";

/** @param {CasesPage} page */
async function makeMap(page) {
  if (!mayDrawMap()) return null;
  const [{ CasesMap }, status] = await Promise.all([import("./map.js"), getJson("/api/status")]);
  const { roots, single_grids } = /** @type {import("../types.js").Status} */ (status);
  return new CasesMap(byId("map"), (roots[0] ?? single_grids[0])?.bbox ?? null, (id) => void page.open(id));
}

watchProgress();
try {
  const person = await requireSession("cases.read");
  showAccount(byId("account"), person);
  const page = new CasesPage(person);
  await page.start(await makeMap(page));
} catch (error) {
  showTrouble(error);
}
