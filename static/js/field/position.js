/** Where the phone is, as long as the page is open. */

import { toWgs84 } from "./datum.js";

/** @typedef {import("./types.js").PhoneDatum} PhoneDatum */
/** @typedef {import("./types.js").Position} Position */
/** @typedef {{raw: Omit<import("./types.js").KeptFix, "patrol_id">, here: Position}} Seen */
/** @typedef {"waiting"|"good"|"weak"|"lost"|"denied"|"missing"} Quality */

const OPTIONS = { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 };
const PERMISSION_DENIED = 1;
const LOST_AFTER_MS = 30_000;

/** @param {number|null|undefined} value @returns {number|null} */
const orNull = (value) => (value === null || value === undefined || !Number.isFinite(value) ? null : value);

export class PositionWatch {
  /** @param {() => PhoneDatum} datum @param {(seen: Seen) => void} moved @param {() => void} changed */
  constructor(datum, moved, changed) {
    this.datum = datum;
    this.moved = moved;
    this.changed = changed;
    /** @type {Position|null} */
    this.here = null;
    this.error = 0;
    this.started_ms = Date.now();
  }

  start() {
    if (!("geolocation" in navigator)) return;
    navigator.geolocation.watchPosition((position) => this.#got(position), (error) => this.#failed(error), OPTIONS);
  }

  /** Ask for one position now: a phone that lies still may tell none by itself. */
  ask() {
    if (!("geolocation" in navigator)) return;
    navigator.geolocation.getCurrentPosition((position) => this.#got(position), (error) => this.#failed(error), OPTIONS);
  }

  /** @param {GeolocationPosition} position */
  #got({ coords, timestamp }) {
    this.error = 0;
    const raw = {
      lon: coords.longitude,
      lat: coords.latitude,
      time: Math.round(timestamp),
      accuracy_m: orNull(coords.accuracy),
      speed_m_s: orNull(coords.speed),
      heading_deg: orNull(coords.heading),
    };
    const place = toWgs84({ lon: raw.lon, lat: raw.lat }, this.datum());
    this.here = { ...place, accuracy_m: coords.accuracy, time_ms: raw.time };
    this.moved({ raw, here: this.here });
  }

  /** @param {GeolocationPositionError} error */
  #failed(error) {
    this.error = error.code;
    this.changed();
  }

  /** @param {number} now_ms @param {number} [maxAccuracy_m] @returns {Quality} */
  quality(now_ms, maxAccuracy_m = 35) {
    if (!("geolocation" in navigator)) return "missing";
    if (this.error === PERMISSION_DENIED) return "denied";
    if (!this.here) return now_ms - this.started_ms > LOST_AFTER_MS ? "lost" : "waiting";
    if (now_ms - this.here.time_ms > LOST_AFTER_MS) return "lost";
    return this.here.accuracy_m > maxAccuracy_m ? "weak" : "good";
  }

  /** Where the phone was at most a minute ago; null when that is not known. @param {number} now_ms @returns {Position|null} */
  recent(now_ms) {
    return this.here && now_ms - this.here.time_ms <= 60_000 ? this.here : null;
  }
}
