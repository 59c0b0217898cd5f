/** The page of lists: what other departments know of, and whether somebody has looked into it. */

import { showAccount } from "../account.js";
import { getJson } from "../api.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showMapTrouble, showTrouble } from "../session.js";
import { mayDrawMap } from "../webgl.js";
import { BaselinesPage } from "./page.js";

/** @param {(id: string) => void} open @param {import("../types.js").Bbox|null} bounds of the list, null when nothing of it can be placed */
async function makeMap(open, bounds) {
  if (!mayDrawMap()) return null;
  const [{ RowsMap }, status] = await Promise.all([import("./map.js"), bounds ? null : getJson("/api/status")]);
  const around = bounds ?? (status.roots[0] ?? status.single_grids[0])?.bbox ?? null;
  return new RowsMap(byId("map"), around, open, showMapTrouble);
}

watchProgress();
try {
  const person = await requireSession("baselines.read");
  showAccount(byId("account"), person);
  await new BaselinesPage(person, makeMap).start();
} catch (error) {
  showTrouble(error);
}
