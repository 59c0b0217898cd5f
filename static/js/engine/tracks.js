/** Fixes to the steps that count, and an account by reason of those that do not: a port of geo/tracks.py. */

import { CELLS_PER_AXIS, cellSize, rint, toU, toV } from "./frame.js";

/** @typedef {{lon: number, lat: number, time_ms: number, accuracy_m: number|null}} Fix WGS-84; null: unknown accuracy */
/** @typedef {{half_width_m: number, max_accuracy_m: number, max_gap_s: number, max_step_m: number, max_speed_m_s: number}} TrackRules */
/** @typedef {{u: number, v: number, east_m: number, south_m: number, width_m: number, height_m: number}} Step in the frame */
/** @typedef {Step & {day: number}} Segment a step that counts, on the local day of its first fix */
/** @typedef {"not_later"|"gap"|"weak_accuracy"|"unknown_accuracy"|"jump"|"too_fast"} Reason */
/** @typedef {{pairs: number, length_m: number, duration_s: number}} Amount */
/** @typedef {{segments: Segment[], counted: Amount, leftOut: Partial<Record<Reason, Amount>>}} Track */

export const DAY_MS = 86_400_000;
const DAYS_FROM_EPOCH = 10_957; // 2000-01-01

/** Days since 2000-01-01 of an instant, local. @param {number} time_ms @param {number} utcOffset_s @returns {number} */
export function localDay(time_ms, utcOffset_s) {
  return Math.floor((time_ms + utcOffset_s * 1000) / DAY_MS) - DAYS_FROM_EPOCH;
}

/** The way from one place to another, the shorter way round. @returns {Step}
 * @param {{lon: number, lat: number}} from @param {{lon: number, lat: number}} to */
export function step(from, to) {
  const u = toU(from.lon);
  const v = toV(from.lat);
  let east = toU(to.lon) - u;
  east -= rint(east / CELLS_PER_AXIS) * CELLS_PER_AXIS;
  const { width_m, height_m } = cellSize((from.lat + to.lat) / 2);
  return { u, v, east_m: east * width_m, south_m: (toV(to.lat) - v) * height_m, width_m, height_m };
}

/** Metres between two places. @param {{lon: number, lat: number}} from @param {{lon: number, lat: number}} to */
export function distance_m(from, to) {
  const way = step(from, to);
  return Math.hypot(way.east_m, way.south_m);
}

/** Degrees clockwise from north. @param {{lon: number, lat: number}} from @param {{lon: number, lat: number}} to */
export function bearing_deg(from, to) {
  const way = step(from, to);
  return (Math.atan2(way.east_m, -way.south_m) * (180 / Math.PI) + 360) % 360;
}

/**
 * Why a pair does not count, the first reason in the order of geo/tracks.py; null when it does.
 * @param {Fix} before @param {Fix} after @param {number} length_m @param {number} duration_s @param {TrackRules} rules
 * @returns {Reason|null}
 */
export function fault(before, after, length_m, duration_s, rules) {
  if (duration_s <= 0) return "not_later";
  if (duration_s > rules.max_gap_s) return "gap";
  if ([before, after].some(({ accuracy_m }) => accuracy_m !== null && accuracy_m > rules.max_accuracy_m)) return "weak_accuracy";
  if (before.accuracy_m === null || after.accuracy_m === null) return "unknown_accuracy";
  if (length_m > rules.max_step_m) return "jump";
  if (length_m > rules.max_speed_m_s * duration_s) return "too_fast";
  return null;
}

/** @returns {Amount} */
const nothing = () => ({ pairs: 0, length_m: 0, duration_s: 0 });

/** A track that fixes are put to one by one. */
export class Tracker {
  /** @param {TrackRules} rules @param {number} utcOffset_s */
  constructor(rules, utcOffset_s) {
    this.rules = rules;
    this.utcOffset_s = utcOffset_s;
    /** @type {Fix|null} */
    this.last = null;
    this.counted = nothing();
    /** @type {Partial<Record<Reason, Amount>>} */
    this.leftOut = {};
  }

  /** Put the next fix, not earlier than the last one. @param {Fix} fix @returns {Segment|Reason|null} null: the first */
  put(fix) {
    const before = this.last;
    this.last = fix;
    if (!before) return null;
    const way = step(before, fix);
    const length_m = Math.hypot(way.east_m, way.south_m);
    const duration_s = (fix.time_ms - before.time_ms) / 1000.0;
    const reason = fault(before, fix, length_m, duration_s, this.rules);
    const amount = reason ? (this.leftOut[reason] ??= nothing()) : this.counted;
    amount.pairs += 1;
    amount.length_m += length_m;
    amount.duration_s += duration_s;
    return reason ?? { ...way, day: localDay(before.time_ms, this.utcOffset_s) };
  }
}

/**
 * The track of fixes given in any order; those of the same instant stay in the order given.
 * @param {Fix[]} fixes @param {TrackRules} rules @param {number} utcOffset_s
 * @returns {Track}
 */
export function clean(fixes, rules, utcOffset_s) {
  const tracker = new Tracker(rules, utcOffset_s);
  const segments = [];
  for (const fix of fixes.toSorted((a, b) => a.time_ms - b.time_ms)) {
    const put = tracker.put(fix);
    if (put !== null && typeof put === "object") segments.push(put);
  }
  return { segments, counted: tracker.counted, leftOut: tracker.leftOut };
}
