/** Where to go first: each opens its place on the map. */

import { address } from "../api.js";
import { byId, el } from "../dom.js";
import { ago, area } from "../format.js";

/** @param {import("./types.js").Overview} overview */
export function showSpots({ unit, spots, on }) {
  const href = address("/", { unit: unit.code });
  byId("spots-under").replaceChildren("未覆盖共 ", el("a", { href }, area(spots.total_m2)));
  if (!spots.items.length) return byId("spots-list").replaceChildren(el("li", { class: "empty" }, "没有大于 100 m² 的盲区。"));
  byId("spots-list").replaceChildren(
    ...spots.items.map((spot) =>
      el(
        "li",
        {},
        el(
          "a",
          { href: address("/", { unit: unit.code, spot: spot.walk_to.join(",") }) },
          el("strong", {}, spot.grid_name),
          el("b", {}, area(spot.area_m2)),
          el("small", {}, [spot.town, spot.officer_name ?? "无网格员"].filter(Boolean).join("　")),
          el("small", {}, ago(spot.last_seen, on)),
        ),
      ),
    ),
  );
}
