/** What is asked for and what is open, in the address bar: whoever is sent the address sees the same. */

/**
 * @typedef {object} Asked filters; "" asks for any
 * @property {string} kind
 * @property {string} occupancy
 * @property {string} state
 * @property {string} risk
 * @property {string} omission
 * @property {string} unit
 * @property {string} q
 *
 * @typedef {object} PageState
 * @property {Asked} asked
 * @property {string|null} site id of the open site
 * @property {{zoom: number, lat: number, lon: number}|null} view
 * @property {boolean} heat whether the heat of risk is drawn
 * @property {boolean} cases whether cases are drawn
 */

/** @type {(keyof Asked)[]} */
export const FILTERS = ["kind", "occupancy", "state", "risk", "omission", "unit", "q"];

/** @param {string} search the part after "?" @returns {PageState} */
export function parse(search) {
  const query = new URLSearchParams(search);
  const asked = /** @type {Asked} */ (Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""])));
  const [zoom, lat, lon] = (query.get("map") ?? "").split("/").map(Number);
  const view = query.has("map") && [zoom, lat, lon].every(Number.isFinite) ? { zoom, lat, lon } : null;
  return { asked, site: query.get("site") || null, view, heat: query.has("heat"), cases: query.has("cases") };
}

/** The inverse of `parse`; what is at its default is left out. @param {PageState} state @returns {string} "" or "?..." */
export function format({ asked, site, view, heat, cases }) {
  const query = new URLSearchParams();
  for (const name of FILTERS) if (asked[name]) query.set(name, asked[name]);
  if (site) query.set("site", site);
  if (heat) query.set("heat", "1");
  if (cases) query.set("cases", "1");
  const rest = view ? `${query.size ? "&" : ""}map=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}` : "";
  return query.size || rest ? `?${query}${rest}` : "";
}

/** What of the filters goes to the service. @param {Asked} asked @returns {Record<string, string|null>} */
export function params(asked) {
  return Object.fromEntries(FILTERS.map((name) => [name, asked[name].trim() || null]));
}
