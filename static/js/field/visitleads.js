/** Leads that I am to look into: what, where, by when. Nothing of who reported comes to the phone. */

import { el } from "../dom.js";
import { distance_m } from "../engine/tracks.js";
import { farText } from "./visitplaces.js";

/** @typedef {import("./types.js").AssignedLead} AssignedLead */

/** @param {import("./field.js").Field} field @param {(site_id: string) => void} visit @returns {HTMLElement[]} */
export function leadCards(field, visit) {
  const known = new Set(field.sites().map(({ id }) => id));
  return field.leads.map((lead) => card(lead, field.position.here, lead.site_id && known.has(lead.site_id) ? lead.site_id : null, visit));
}

/** @param {AssignedLead} lead @param {import("./types.js").Position|null} here @param {string|null} site_id on this phone @param {(site_id: string) => void} visit */
function card(lead, here, site_id, visit) {
  const isPlaced = lead.lon !== null && lead.lat !== null;
  const metres = here && isPlaced ? distance_m(here, { lon: /** @type {number} */ (lead.lon), lat: /** @type {number} */ (lead.lat) }) : null;
  const facts = [lead.source_text, lead.number, lead.deadline ? `${lead.is_overdue ? "已过期，应于" : "限"} ${lead.deadline} 前核查` : ""].filter(Boolean).join(" · ");
  const where = [lead.address, isPlaced ? farText(metres) : "没有位置"].filter(Boolean).join("，");
  return el(
    "article",
    { class: `record${lead.is_overdue ? " bad" : ""}`, "data-lead": lead.id },
    el("strong", {}, lead.what_text),
    el("span", {}, facts),
    lead.note ? el("p", {}, lead.note) : null,
    el("p", { class: "hint" }, where),
    site_id ? el("div", { class: "row" }, el("button", { type: "button", onclick: () => visit(site_id) }, "走访该场所")) : el("p", { class: "hint" }, "到现场查看后，请走访相应场所；清单上没有的，在“上报”中说明。"),
  );
}
