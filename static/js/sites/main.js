/** The page of sites: everything that must be looked into, where it stands, and who is inside. */

import { showAccount } from "../account.js";
import { getJson } from "../api.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { mayDrawMap } from "../webgl.js";
import { showLegend } from "./legend.js";
import { SitesPage } from "./page.js";

/** Where the reader's scope lies, to begin with; null for nowhere. */
async function scopeBounds() {
  const status = /** @type {import("../types.js").Status} */ (await getJson("/api/status"));
  return (status.roots[0] ?? status.single_grids[0])?.bbox ?? null;
}

/** @param {SitesPage} page */
async function makeMap(page) {
  if (!mayDrawMap()) {
    document.body.dataset.noMap = "";
    return null;
  }
  const [{ SitesMap }, bounds] = await Promise.all([import("./map.js"), page.state.view ? null : scopeBounds()]);
  const map = new SitesMap(byId("map"), page.state, bounds, {
    open: (id) => void page.open(id),
    openCase: (id) => location.assign(`/cases?id=${encodeURIComponent(id)}`),
    moved: (view) => page.note({ view }),
    failed: (error) => page.mapFailed(error),
  });
  showLegend(page.state, page.person, (change) => page.note(change));
  return map;
}

watchProgress();
try {
  const person = await requireSession("sites.read");
  showAccount(byId("account"), person);
  await new SitesPage(person).start(makeMap);
} catch (error) {
  showTrouble(error);
}
