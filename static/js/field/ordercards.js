/** Orders (派单) as cards: what, by when, what to do, and the way there. */

import { el } from "../dom.js";
import { day } from "../format.js";
import { bearing_deg, distance_m } from "../engine/tracks.js";
import { pointOf } from "./spots.js";
import { farText } from "./visitplaces.js";

/** @typedef {import("./types.js").FieldOrder} FieldOrder */

const HERE_M = 10; // nearer than this there is no direction

/**
 * @param {import("./field.js").Field} field
 * @param {{visit: (site_id: string) => void, way: (order: FieldOrder) => void}} on
 * @returns {HTMLElement[]}
 */
export function orderCards(field, on) {
  const known = new Set(field.sites().map(({ id }) => id));
  return field.orders.list.map((order) => {
    const isOverdue = field.orders.isOverdue(order);
    const site_id = order.site_id && known.has(order.site_id) ? order.site_id : null;
    return el(
      "article",
      { class: `record${isOverdue ? " bad" : ""}`, "data-order": order.id },
      el("strong", {}, order.name),
      el("span", {}, `${order.subject_kind_text} · ${isOverdue ? "已超期，应于" : "限"} ${day(order.deadline)}（含）前完成`),
      order.words ? el("p", {}, `${order.created_by}：${order.words}`) : el("p", { class: "hint" }, `派单人：${order.created_by}`),
      el("p", {}, order.task),
      el("p", { class: "hint" }, whereText(order, field.position.here)),
      el(
        "div",
        { class: "row" },
        order.lon === null ? null : el("button", { type: "button", onclick: () => on.way(order) }, "带我去"),
        site_id ? el("button", { type: "button", onclick: () => on.visit(site_id) }, "走访该场所") : null,
      ),
    );
  });
}

/** @param {FieldOrder} order @param {import("./types.js").Position|null} here */
function whereText(order, here) {
  if (order.lon === null || order.lat === null) return [order.address, "没有位置"].filter(Boolean).join("，");
  const to = { lon: order.lon, lat: order.lat };
  const metres = here ? distance_m(here, to) : null;
  const far = metres === null || !here ? "定位后显示距离" : metres < HERE_M ? farText(metres) : `${pointOf(bearing_deg(here, to))}方向，${farText(metres)}`;
  return [order.address, far].filter(Boolean).join("，");
}
