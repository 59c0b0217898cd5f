/** The page of the determination: what is left out, where, whose, since when; and the signature that it stands against. */

import { showAccount } from "../account.js";
import { getJson } from "../api.js";
import { byId } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showMapTrouble, showTrouble } from "../session.js";
import { mayDrawMap } from "../webgl.js";
import { DeterminationPage } from "./page.js";

/** @param {import("../types.js").Bbox|null} bounds @param {(subject: string, kind: string) => void} open */
async function makeMap(bounds, open) {
  if (!mayDrawMap()) return null;
  const { OmissionsMap } = await import("./map.js");
  return new OmissionsMap(byId("map"), bounds, open, showMapTrouble);
}

watchProgress();
try {
  const person = await requireSession("determination.read");
  showAccount(byId("account"), person);
  const status = await getJson("/api/status");
  const root = status.roots[0] ?? null;
  const page = new DeterminationPage(person, root?.code ?? "");
  await page.start(await makeMap(root?.bbox ?? null, (subject, kind) => page.reveal(subject, kind)));
} catch (error) {
  showTrouble(error);
}
