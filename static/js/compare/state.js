/** What is compared, in the address bar: whoever is sent the address sees the same. */

/** @typedef {"colours"|"seen"} Look colours of units and grids, or what was really seen cell by cell */
/** @typedef {{unit: string|null, a: string|null, b: string|null, look: Look, view: {zoom: number, lat: number, lon: number}|null}} State a day that is null is the usual one */

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @param {string} search the part after "?"; what is malformed counts as not given @returns {State} */
export function parse(search) {
  const query = new URLSearchParams(search);
  const day = (/** @type {string} */ name) => (DAY.test(query.get(name) ?? "") ? query.get(name) : null);
  const [zoom, lat, lon] = (query.get("map") ?? "").split("/").map(Number);
  const view = query.has("map") && [zoom, lat, lon].every(Number.isFinite) ? { zoom, lat, lon } : null;
  return { unit: query.get("unit"), a: day("a"), b: day("b"), look: query.get("look") === "seen" ? "seen" : "colours", view };
}

/** @param {State} state @returns {string} "" or "?..." */
export function format({ unit, a, b, look, view }) {
  const query = new URLSearchParams();
  if (unit) query.set("unit", unit);
  if (a) query.set("a", a);
  if (b) query.set("b", b);
  if (look === "seen") query.set("look", look);
  const rest = view ? `${query.size ? "&" : ""}map=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}` : "";
  return query.size || rest ? `?${query}${rest}` : "";
}
