/** The review page: what waits for a person to judge, one record after the other. */

import { showAccount } from "../account.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { mayDrawMap } from "../webgl.js";
import { ReviewPage } from "./page.js";

async function makeMap() {
  if (!mayDrawMap()) return null;
  const { RecordMap } = await import("./map.js");
  return new RecordMap(byId("map"));
}

watchProgress();
try {
  showAccount(byId("account"), await requireSession("review.decide"));
  await new ReviewPage(await makeMap()).start();
} catch (error) {
  showTrouble(error);
}
