/** What the list is asked for and which case is open: all of it lives in the address. */

export const FILTERS = /** @type {const} */ (["unit", "state", "category", "supervised", "omission", "q", "found_from", "found_to", "site"]);

/** @typedef {Record<typeof FILTERS[number], string>} Asked */

/** @returns {{asked: Asked, id: string|null}} */
export function fromAddress() {
  const query = new URLSearchParams(location.search);
  const asked = /** @type {Asked} */ (Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""])));
  return { asked, id: query.get("id") };
}

/** @param {Asked} asked @param {string|null} id @param {boolean} push a step that going back undoes */
export function toAddress(asked, id, push) {
  const query = paramsOf(asked);
  if (id) query.set("id", id);
  const href = query.size ? `?${query}` : location.pathname;
  if (push) history.pushState(null, "", href);
  else history.replaceState(null, "", href);
}

/** @param {Asked} asked */
export function paramsOf(asked) {
  const query = new URLSearchParams();
  for (const name of FILTERS) if (asked[name]) query.set(name, asked[name]);
  return query;
}
