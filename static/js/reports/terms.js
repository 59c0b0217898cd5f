/** Words for what is due: which report, of which days, how long there is still time. */

import { el } from "../dom.js";

/** @typedef {import("./types.js").Term} Term */
/** @typedef {import("./types.js").DueForm} DueForm */

/** @type {Record<DueForm, string>} */
export const FORM_NAMES = { F2: "F2 周报", F4: "F4 月报" };
const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * 60;
const TICK_MS = 20_000;

/** @param {Term} term */
export function daysOf({ first_day, last_day }) {
  const [year, first, start] = first_day.split("-").map(Number);
  const [, month, date] = last_day.split("-").map(Number);
  return `${year}年${first}月${start}日至${month}月${date}日`;
}

/** An instant in the service's local time, without the year. @param {string} iso */
export function clock(iso) {
  const said = { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
  const parts = Object.fromEntries(new Intl.DateTimeFormat("zh-CN", /** @type {any} */ (said)).formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${parts.month}月${parts.day}日 ${parts.hour}:${parts.minute}`;
}

/** A length of time in its two largest units, floored. @param {number} ms */
export function lasting(ms) {
  const minutes = Math.floor(ms / MINUTE_MS);
  const [days, hours, rest] = [Math.floor(minutes / DAY_MIN), Math.floor((minutes % DAY_MIN) / HOUR_MIN), minutes % HOUR_MIN];
  if (days) return `${days} 天${hours ? ` ${hours} 小时` : ""}`;
  if (hours) return `${hours} 小时${rest ? ` ${rest} 分` : ""}`;
  return minutes ? `${minutes} 分钟` : "不到 1 分钟";
}

/**
 * How long there is still time, or since when it is late; it goes on counting while it is shown.
 * @param {string} dueAt @param {string|null} lateSince @param {string} now of the service
 */
export function countdown(dueAt, lateSince, now) {
  const ahead_ms = new Date(now).getTime() - Date.now();
  const shown = el("span", { class: "countdown" });
  const tell = () => {
    const at = Date.now() + ahead_ms;
    const since = lateSince ?? (at > new Date(dueAt).getTime() ? dueAt : null);
    shown.classList.toggle("missing", since !== null);
    shown.textContent = since === null ? `还有 ${lasting(new Date(dueAt).getTime() - at)}` : `已逾期 ${lasting(at - new Date(since).getTime())}（自 ${clock(since)} 起）`;
  };
  tell();
  const timer = setInterval(() => (shown.isConnected ? tell() : clearInterval(timer)), TICK_MS);
  return shown;
}
