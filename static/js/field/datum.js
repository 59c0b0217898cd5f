/** The phone's positions as WGS-84, for its own map and figures. What is sent stays as the device gave it. */

import gcoord from "gcoord";

/** @typedef {import("./types.js").PhoneDatum} PhoneDatum */

/**
 * @template {{lon: number, lat: number}} Place
 * @param {Place} place @param {PhoneDatum} datum
 * @returns {Place}
 */
export function toWgs84(place, datum) {
  if (datum === "WGS-84") return place;
  const [lon, lat] = gcoord.transform([place.lon, place.lat], gcoord.GCJ02, gcoord.WGS84);
  return { ...place, lon, lat };
}
