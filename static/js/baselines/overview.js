/** All lists, each with how much of it was looked into. */

import { byId, el } from "../dom.js";
import { day, whole } from "../format.js";
import { button } from "../office.js";
import { addressOf, ALL } from "./state.js";
import { rateBar, rateText } from "./words.js";

/** @typedef {import("./types.js").ListRow} ListRow */
/** @typedef {import("./types.js").Lists} Lists */
/** @typedef {(list: string, asked?: import("./types.js").Asked) => void} Open */

/** @param {Lists} lists @param {Open} open @param {(() => void)|null} add null: nobody may */
export function showLists({ items }, open, add) {
  const inForce = items.filter((each) => !each.withdrawn_at);
  const doubtful = inForce.reduce((sum, { figures }) => sum + figures.doubtful, 0);
  byId("lists-head").replaceChildren(
    el("p", { class: "lists-sum" }, inForce.length ? `有效名单 ${inForce.length} 份${doubtful ? `，待确认 ${whole(doubtful)} 户` : ""}` : "还没有名单"),
    ...(add ? [button("导入名单", add, "button")] : []),
  );
  byId("lists-list").replaceChildren(...(items.length ? items.map((item) => card(item, open)) : [nothing(add !== null)]));
}

/** @param {boolean} mayAdd */
function nothing(mayAdd) {
  const next = mayAdd ? "点“导入名单”，选择其他部门提供的 Excel 或 CSV。" : "名单由村（社区）、镇（街道）等工作人员导入。";
  return el("li", { class: "empty" }, el("p", {}, el("strong", {}, "还没有其他部门的名单。")), el("p", {}, "名单用来核对：别的部门登记在册的每一户，是否都有人到现场查过。"), el("p", {}, next));
}

/** @param {ListRow} item @param {Open} open */
function card(item, open) {
  const { figures } = item;
  return el(
    "li",
    { class: `list-card${item.withdrawn_at ? " is-withdrawn" : ""}`, "data-id": item.id },
    el(
      "div",
      { class: "list-name" },
      el("h2", {}, opener(item.name, item.id, open)),
      el("p", { class: "under" }, `${item.kind_text} · ${item.department} · ${item.unit_name} · 截至 ${day(item.as_of)}`),
      el("p", { class: "tags" }, ...tags(item)),
    ),
    el(
      "div",
      { class: "list-rate" },
      el("p", {}, el("span", { class: "rate" }, rateText(figures)), " 检查率"),
      rateBar(figures),
      el("p", { class: "under" }, `${whole(figures.rows)} 户中已检查 ${whole(figures.checked)} 户`),
    ),
    el("ul", { class: "list-counts", "aria-label": "按匹配结果" }, ...counts(item, open)),
  );
}

/** @param {ListRow} item @param {Open} open */
function counts({ id, figures }, open) {
  /** @type {[string, number, Partial<import("./types.js").Asked>, string][]} */
  const all = [
    ["未检查", figures.rows - figures.checked, { checked: "false" }, "bad"],
    ["待确认", figures.doubtful, { state: "doubtful" }, "doubt"],
    ["未匹配", figures.unmatched, { state: "unmatched" }, "bad"],
    ["已匹配", figures.matched, { state: "matched" }, ""],
    ["查无此企业", figures.absent, { state: "absent" }, ""],
  ];
  return all.map(([text, count, asked, kind]) => el("li", { class: count ? kind : "" }, opener(el("span", {}, el("b", {}, whole(count)), text), id, open, { ...ALL, ...asked })));
}

/** @param {string|Node} text @param {string} list @param {Open} open @param {import("./types.js").Asked} [asked] */
function opener(text, list, open, asked) {
  const act = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(list, asked);
  };
  return el("a", { href: addressOf(list, asked), onclick: act }, text);
}

/** @param {ListRow} item */
function tags(item) {
  const { done, total } = item.progress;
  const isBusy = item.state === "waiting" || item.state === "matching";
  return [
    item.withdrawn_at ? el("span", { class: "tag" }, "已撤回，不计入") : null,
    isBusy && !item.withdrawn_at ? el("span", { class: "tag doubt" }, `${item.state_text} ${whole(done)} / ${whole(total)}`) : null,
    item.state === "failed" ? el("span", { class: "tag bad" }, item.state_text) : null,
    item.is_part ? el("span", { class: "tag" }, "只列您辖区内的户") : null,
  ].filter((tag) => tag !== null);
}
