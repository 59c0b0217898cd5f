/** The review page: what waits for a person to judge, one record after the other. */

import { showAccount } from "../account.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { ReviewPage } from "./page.js";

/** @returns {boolean} */
function hasWebGL2() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

async function makeMap() {
  if (hasWebGL2()) {
    const { RecordMap } = await import("./map.js");
    return new RecordMap(byId("map"));
  }
  byId("map").hidden = true;
  byId("no-map").hidden = false;
  return null;
}

watchProgress();
try {
  showAccount(byId("account"), await requireSession("review.decide"));
  await new ReviewPage(await makeMap()).start();
} catch (error) {
  showTrouble(error);
}
