/** The queue: states, filters, records. */

import { byId, el } from "../dom.js";
import { area, day, instant } from "../format.js";
import { EXCLUSIONS, RECORDS, STATES } from "./words.js";

/** @typedef {import("./types.js").Queue} Queue */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Exclusion} Exclusion */
/** @typedef {{state: import("./types.js").QueueState, kind: string, unit: string, officer: string}} Asked */

/**
 * @param {Asked} asked
 * @param {(state: import("./types.js").QueueState) => void} choose
 */
export function showStates(asked, choose) {
  byId("states").replaceChildren(
    ...STATES.map(([state, name]) =>
      el("button", { type: "button", class: "state", "data-state": state, "aria-pressed": String(asked.state === state), onclick: () => choose(state) }, name),
    ),
  );
}

/**
 * @param {Queue} queue
 * @param {Asked} asked
 * @param {(change: Partial<Asked>) => void} change
 */
export function showFilters(queue, asked, change) {
  const kinds = Object.entries(queue.records).map(([kind, n]) => option(kind, `${RECORDS[kind] ?? kind}（${n}）`, asked.kind));
  const findings = Object.entries(queue.findings).map(([kind, n]) => option(kind, `${queue.finding_names[kind]}（${n}）`, asked.kind));
  byId("filters").replaceChildren(
    picker("类型", "kind", asked.kind, [option("", `全部类型（${queue.of_all_kinds}）`, asked.kind), group("记录", kinds), group("疑点", findings)], change, RECORDS[asked.kind] ?? queue.finding_names[asked.kind]),
    picker("单元", "unit", asked.unit, [option("", "全部单元", asked.unit), ...choices(queue.units, asked.unit)], change),
    picker("网格员", "officer", asked.officer, [option("", "全部网格员", asked.officer), ...choices(queue.officers, asked.officer)], change),
  );
}

/** Filters say nothing about imported requests. */
export function hideFilters() {
  byId("filters").replaceChildren();
}

/** @param {import("./types.js").Choice[]} known @param {string} chosen */
function choices(known, chosen) {
  return known.map(({ code, name, count }) => option(code, `${name}（${count}）`, chosen));
}

/** @param {string} value @param {string} text @param {string} chosen */
function option(value, text, chosen) {
  return el("option", { value, selected: value === chosen }, text);
}

/** @param {string} label @param {HTMLElement[]} options */
function group(label, options) {
  return options.length ? el("optgroup", { label }, ...options) : null;
}

/**
 * @param {string} label
 * @param {"kind"|"unit"|"officer"} name
 * @param {string} chosen
 * @param {(HTMLElement|null)[]} options
 * @param {(change: Partial<Asked>) => void} change
 * @param {string} [word] of what is chosen; else its code
 */
function picker(label, name, chosen, options, change, word = chosen) {
  const select = el("select", { id: `by-${name}`, onchange: () => change({ [name]: select.value }) }, ...options);
  // What was chosen may have nothing left: it stays chosen, and can be seen to be.
  if (chosen && select.value !== chosen) select.append(el("option", { value: chosen, selected: true }, `${word}（0）`));
  return el("label", { class: "filter" }, el("span", {}, label), select);
}

/**
 * @param {Item[]} items
 * @param {Record<string, string>} names of findings
 * @param {string|null} chosen
 * @param {(id: string) => void} choose
 */
export function showRecords(items, names, chosen, choose) {
  byId("list").replaceChildren(
    ...items.map((item) =>
      row(item.id, chosen, choose, [
        el("span", { class: "row-top" }, el("span", { class: `tag kind-${item.kind}` }, RECORDS[item.kind]), el("b", {}, item.officer_name), el("time", { datetime: item.started_at }, instant(item.started_at))),
        el("span", { class: "row-unit" }, item.unit_name || "辖区外"),
        el("span", { class: "row-findings" }, ...unique(item.findings.map((finding) => names[finding.kind])).map((name) => el("span", { class: "tag finding" }, name))),
      ]),
    ),
  );
}

/**
 * @param {Exclusion[]} items
 * @param {string|null} chosen
 * @param {(code: string) => void} choose
 */
export function showExclusions(items, chosen, choose) {
  byId("list").replaceChildren(
    ...items.map((item) =>
      row(item.code, chosen, choose, [
        el("span", { class: "row-top" }, el("span", { class: "tag" }, EXCLUSIONS[item.kind] ?? item.kind), el("b", {}, item.name ?? item.code), el("time", {}, day(item.since))),
        el("span", { class: "row-unit" }, item.unit_name || "辖区外"),
        el("span", { class: "row-unit" }, area(item.area_m2)),
      ]),
    ),
  );
}

/** @param {string|null} chosen id */
export function markChosen(chosen) {
  for (const button of byId("list").querySelectorAll("button")) {
    const isChosen = button.dataset.id === chosen;
    button.setAttribute("aria-current", String(isChosen));
    if (isChosen) button.scrollIntoView({ block: "nearest" });
  }
}

/**
 * @param {string} id
 * @param {string|null} chosen
 * @param {(id: string) => void} choose
 * @param {HTMLElement[]} parts
 */
function row(id, chosen, choose, parts) {
  return el("li", {}, el("button", { type: "button", class: "row", "data-id": id, "aria-current": String(id === chosen), onclick: () => choose(id) }, ...parts));
}

/** @param {string[]} names */
function unique(names) {
  return [...new Set(names)];
}
