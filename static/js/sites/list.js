/** The list of sites, worst first: a table at a desk, cards on a phone; and how many stand in each state. */

import { byId, el } from "../dom.js";
import { SITE_STATES, stateMark, stateWord } from "../sitestates.js";
import { omissionName } from "./words.js";

/** @typedef {import("./types.js").SiteRow} SiteRow */
/** @typedef {import("../sitestates.js").SiteStateCode} SiteStateCode */

const MOST_OMISSIONS = 3;

/** @param {Record<string, number>|null} counts null: not known @param {string} chosen @param {(state: string) => void} choose */
export function showStates(counts, chosen, choose) {
  byId("states").replaceChildren(
    ...SITE_STATES.map((state) =>
      el(
        "button",
        { type: "button", class: "chip", "data-state": state, "aria-pressed": String(state === chosen), onclick: () => choose(state === chosen ? "" : state) },
        stateMark(state), el("span", {}, stateWord(state)), el("b", {}, counts ? String(counts[state] ?? 0) : "—"),
      ),
    ),
  );
}

/** @param {SiteRow[]} items @param {string|null} chosen @param {(id: string) => void} open */
export function showList(items, chosen, open) {
  const heads = ["场所", "状态", "类型", "最近检查", "遗漏"];
  byId("list").replaceChildren(
    items.length
      ? el(
          "table",
          { class: "site-table" },
          el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
          el("tbody", {}, ...items.map((item) => row(item, chosen, open))),
        )
      : "",
  );
}

/** @param {SiteRow} item @param {string|null} chosen @param {(id: string) => void} open */
function row(item, chosen, open) {
  const name = el("button", { type: "button", class: "site-name", onclick: () => open(item.id) }, item.name);
  const where = [item.unit?.name ?? `${item.stated_unit.name}（所填）`, item.address].filter(Boolean).join(" · ");
  return el(
    "tr",
    { "data-id": item.id, "data-state": item.state, "aria-current": String(item.id === chosen), onclick: (/** @type {Event} */ event) => event.target !== name && open(item.id) },
    el("th", { scope: "row" }, el("span", { class: "site-head" }, stateMark(item.state), name), el("small", {}, where)),
    el("td", { class: "cell-state" }, el("strong", {}, stateWord(item.state)), el("small", {}, whyShort(item))),
    el("td", { class: "cell-kind" }, item.kind_text, el("small", {}, item.shut_down_text ? `${item.occupancy_text}（${item.shut_down_text}）` : item.occupancy_text)),
    el("td", { class: "cell-seen" }, item.last_visit_on ?? "—", item.due_on && item.state !== "checked" ? el("small", {}, `${item.state === "due" ? "到期" : "应于"} ${item.due_on}`) : ""),
    el("td", { class: "cell-omissions" }, ...omissionTags(item)),
  );
}

/** @param {SiteRow} item */
function omissionTags(item) {
  const kinds = [...new Set(item.omissions.map(({ kind }) => kind))].filter((kind) => kind !== "never_visited" && kind !== "overdue");
  const more = kinds.length - MOST_OMISSIONS;
  return [...kinds.slice(0, MOST_OMISSIONS).map((kind) => el("span", { class: "tag omission" }, omissionName(kind))), ...(more > 0 ? [el("span", { class: "tag" }, `另 ${more} 项`)] : [])];
}

/** Why a site stands as it does, beside its state. @param {SiteRow} item */
export function whyShort(item) {
  if (item.state === "incomplete") return item.unseen_count ? `${item.unseen_count} 户未见` : "有租户超期未见";
  if (item.state === "checked") return item.due_on ? `${item.due_on} 前有效` : "";
  return item.tenancy_count ? `${item.tenancy_count} 户租户` : "";
}

/** @param {string|null} chosen id */
export function markChosen(chosen) {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (byId("list").querySelectorAll("tr[data-id]"))) {
    const isChosen = line.dataset.id === chosen;
    line.setAttribute("aria-current", String(isChosen));
    if (isChosen) line.scrollIntoView({ block: "nearest" });
  }
}
