/** The chain of a case: the graph, the links as a list, and tying and untying. */

import { ApiError, getJson } from "../api.js";
import { debounced, el } from "../dom.js";
import { button, field, select, textOf } from "../office.js";
import { area, askFor, input, why, write } from "./dialog.js";
import { drawGraph } from "./graph.js";
import { placeFields, placeOf } from "./place.js";

/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").CaseLink} CaseLink */
/** @typedef {import("./types.js").Cases} Cases */
/** @typedef {import("./types.js").Desk} Desk */

const TYPING_MS = 250;

/** @param {CaseDetail} detail @param {Desk} desk */
export function chain(detail, desk) {
  const none = el("p", { class: "under" }, "还没有登记上家、下家、出租方或关联案件。");
  return el(
    "section",
    { class: "part", id: "chain" },
    el("div", { class: "part-head" }, el("h2", {}, "上下游及关联"), detail.may_manage ? button("建立关联", () => link(detail, desk), "quiet tall") : null),
    detail.graph.nodes.length > 1 ? drawGraph(detail.graph, desk.open) : none,
    detail.links.length ? el("ul", { class: "links" }, ...detail.links.map((each) => row(detail, desk, each))) : null,
  );
}

/** @param {CaseDetail} detail @param {Desk} desk @param {CaseLink} each */
function row(detail, desk, each) {
  return el(
    "li",
    { "data-link": each.id },
    el("span", { class: "tag" }, each.relation_name),
    el("span", { class: "link-name" }, ...nameOf(detail, desk, each), each.words ? el("span", { class: "under" }, each.words) : null),
    detail.may_manage && each.may_remove ? button("解除", () => unlink(detail, desk, each), "quiet tall") : null,
  );
}

/** @param {CaseDetail} detail @param {Desk} desk @param {CaseLink} each @returns {import("../dom.js").Child[]} */
function nameOf(detail, desk, each) {
  const other = each.other_case;
  if (!other) return [el("strong", {}, each.other_name), el("span", { class: "under" }, [each.other_uscc, each.other_address].filter(Boolean).join(" · "))];
  if (!other.in_scope || !other.id) return [el("strong", {}, other.number), el("span", { class: "under" }, `${other.county_name ?? ""}（管辖范围外的案件）`)];
  const id = other.id;
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    desk.open(id);
  };
  const anchor = el("a", { href: `/cases?id=${encodeURIComponent(id)}`, onclick: go }, `${other.party_name}`);
  return [anchor, el("span", { class: "under" }, `${other.number} · ${detail.choices.states[other.state ?? ""] ?? ""}`)];
}

/** @param {CaseDetail} detail @param {Desk} desk @param {CaseLink} each */
function unlink(detail, desk, each) {
  const path = `/api/cases/${detail.id}/links/${each.id}/removal`;
  const send = (/** @type {FormData} */ values) => write(desk, "POST", path, { why: textOf(values, "why") }, "关联已解除");
  askFor("解除关联", [why("原因", "why", "双方档案都会记录。")], "解除", send, desk.stale);
}

/** @param {CaseDetail} detail @param {Desk} desk */
function link(detail, desk) {
  const id = crypto.randomUUID();
  const found = el("div", { class: "picks", role: "radiogroup", "aria-label": "找到的案件" });
  const words = el("input", { type: "search", maxlength: 100, placeholder: "案件编号、名称或地址", "aria-label": "查找案件" });
  words.addEventListener("input", debounced(TYPING_MS, () => void search(words.value.trim(), detail.id, found)));
  const ofCase = el("div", {}, field("查找案件", words), found);
  const byName = el("div", { hidden: true }, field("对方名称", input("other_name", "", { maxlength: 100 })), field("统一社会信用代码", input("other_uscc", "", { maxlength: 18 })), field("地址", input("other_address", "", { maxlength: 100 })), ...placeFields(null));
  const kind = select("kind", [["case", "已立案的案件"], ["name", "未立案，只登记名称"]], "case", {
    onchange: () => {
      ofCase.hidden = kind.value !== "case";
      byName.hidden = kind.value === "case";
    },
  });
  const fields = [field("对方是本案的", select("relation", Object.entries(detail.choices.relations), "supplier")), field("对方", kind), ofCase, byName, field("说明", area("words", "", { maxlength: 500, rows: 2 }), "如：货物、数量、往来凭证。")];
  const send = (/** @type {FormData} */ values) => {
    const chosen = textOf(values, "other_case_id");
    if (kind.value === "case" && !chosen) throw new ApiError("请先查找并选中一个案件。", 422);
    const other = kind.value === "case" ? { other_case_id: chosen } : { other_name: textOf(values, "other_name"), other_uscc: textOf(values, "other_uscc"), other_address: textOf(values, "other_address"), other_place: placeOf(values) };
    return write(desk, "POST", `/api/cases/${detail.id}/links`, { id, relation: textOf(values, "relation"), words: textOf(values, "words"), ...other }, "关联已建立");
  };
  askFor("建立关联", fields, "保存", send, desk.stale);
}

/** @param {string} words @param {string} own @param {HTMLElement} holder */
async function search(words, own, holder) {
  if (!words) return holder.replaceChildren();
  try {
    const { items } = /** @type {Cases} */ (await getJson("/api/cases", { q: words, limit: 8 }));
    const others = items.filter((each) => each.id !== own);
    holder.replaceChildren(...(others.length ? others.map((each) => el("label", { class: "pick" }, el("input", { type: "radio", name: "other_case_id", value: each.id }), el("span", {}, `${each.party_name}　${each.number}`))) : [el("p", { class: "under" }, "没有找到案件。")]));
  } catch (error) {
    holder.replaceChildren(el("p", { class: "missing" }, error instanceof ApiError ? error.message : String(error)));
  }
  return undefined;
}
