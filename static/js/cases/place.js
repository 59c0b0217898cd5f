/** A place in a form: longitude, latitude and the datum they are in. */

import { ApiError } from "../api.js";
import { field, select, textOf } from "../office.js";
import { input } from "./dialog.js";

const DATUMS = /** @type {[string, string][]} */ ([["WGS-84", "WGS-84（GPS）"], ["CGCS2000", "CGCS2000（国家大地）"], ["GCJ-02", "GCJ-02（高德、腾讯）"], ["BD-09", "BD-09（百度）"]]);

/** @param {{lon: number, lat: number}|null} place WGS-84 */
export function placeFields(place) {
  const number = (/** @type {number|undefined} */ value) => (value === undefined ? "" : value.toFixed(7));
  const more = { inputmode: "decimal", maxlength: 20 };
  return [field("经度", input("lon", number(place?.lon), more)), field("纬度", input("lat", number(place?.lat), more)), field("坐标系", select("datum", DATUMS, "WGS-84"))];
}

/** The place as the service takes it; null when nothing was filled in. Throws ApiError for half a place. @param {FormData} values */
export function placeOf(values) {
  const [lon, lat] = [textOf(values, "lon"), textOf(values, "lat")];
  if (lon === null && lat === null) return null;
  const place = { lon: Number(lon ?? NaN), lat: Number(lat ?? NaN), datum: String(values.get("datum")) };
  if (!Number.isFinite(place.lon) || !Number.isFinite(place.lat)) throw new ApiError("经度和纬度应同时填写，且都是数字（单位：度）。", 422);
  return place;
}
