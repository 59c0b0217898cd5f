/** Periods that forms are asked for: weeks from Thursday to Wednesday, as F2 is due, and months. */

import { addDays } from "../format.js";

/** @typedef {{first: string, last: string}} Period local days, both included */

const THURSDAY = 4;

/** Today, as the service counts days. */
export function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date());
}

/** @param {string} day @returns {Period} the week, Thursday to Wednesday, that a day lies in */
export function weekOf(day) {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const first = addDays(day, -((weekday - THURSDAY + 7) % 7));
  return { first, last: addDays(first, 6) };
}

/** @param {string} day @returns {Period} the month that a day lies in */
export function monthOf(day) {
  const first = `${day.slice(0, 8)}01`;
  const next = `${addDays(first, 31).slice(0, 8)}01`;
  return { first, last: addDays(next, -1) };
}

/** @param {string} day @returns {[key: string, text: string, period: Period][]} */
export function choices(day) {
  const week = weekOf(day);
  const month = monthOf(day);
  return [
    ["week", "本周（周四至周三）", week],
    ["last-week", "上周", weekOf(addDays(week.first, -1))],
    ["month", "本月", month],
    ["last-month", "上月", monthOf(addDays(month.first, -1))],
    ["year", "本年", { first: `${day.slice(0, 4)}-01-01`, last: `${day.slice(0, 4)}-12-31` }],
  ];
}
