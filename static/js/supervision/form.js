/** One form, filled in at a desk or by phone: what the system knows beside each line, versions of the answers. */

import { ApiError, getJson } from "../api.js";
import { el } from "../dom.js";
import { instant } from "../format.js";
import { button } from "../office.js";
import { sendJson } from "../session.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Line} Line */

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showForm(pane, desk) {
  const id = encodeURIComponent(desk.query.get("item") ?? "");
  /** @type {Item} */
  const item = await getJson(`/api/supervision/items/${id}`);
  show(pane, desk, item);
}

/** @param {HTMLElement} pane @param {Desk} desk @param {Item} item */
function show(pane, desk, item) {
  const mayWrite = desk.supervises && !item.is_closed;
  pane.replaceChildren(
    button(`‹ ${item.plan_name}`, () => desk.go({ item: null, plan: item.plan_id }), "link tall"),
    el("h2", {}, item.form_title),
    el("dl", { class: "facts" }, ...item.above.map(([head, value]) => el("div", {}, el("dt", {}, head), el("dd", {}, value || "—")))),
    el("p", { class: "hint" }, `${item.stratum_text}。抽取依据：${item.why_text}`),
    el("div", { class: "row-actions" }, el("a", { class: "quiet as-button", href: `/api/supervision/items/${item.id}/form.xlsx`, download: "" }, "下载表格（Excel）"), item.page ? el("a", { class: "quiet as-button", href: item.page }, "查看档案") : null, whereTo(item)),
    mayWrite ? writable(pane, desk, item) : el("div", { class: "lines" }, ...item.lines.map((line) => read(line, item))),
    versions(item),
  );
}

/** @param {Item} item */
function whereTo(item) {
  if (item.lon === null || item.lat === null) return null;
  return el("a", { class: "quiet as-button", href: `/?map=16/${item.lat.toFixed(5)}/${item.lon.toFixed(5)}` }, "在地图上看");
}

/** @param {HTMLElement} pane @param {Desk} desk @param {Item} item */
function writable(pane, desk, item) {
  const sent = { id: "", body: "" }; // what goes out again after a broken connection keeps its id
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  const place = el("output", { class: "hint" });
  /** @type {{lon: number, lat: number}|null} */
  let position = null;
  const locate = button("记录当前位置", () => {
    place.textContent = "正在定位…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        position = { lon: coords.longitude, lat: coords.latitude };
        place.textContent = `已记录 ${coords.latitude.toFixed(5)}，${coords.longitude.toFixed(5)}（±${Math.ceil(coords.accuracy)} 米）`;
      },
      () => (place.textContent = "没有取得位置，可不填。"),
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  }, "quiet tall");
  const form = el("form", { class: "lines" }, ...item.lines.map((line) => write(line, item)), found(item), el("div", { class: "row-actions" }, locate, place), trouble);
  const save = async (/** @type {boolean} */ isFinal) => {
    trouble.hidden = true;
    try {
      const told = { version: item.version, ...answersOf(form, item), is_final: isFinal, position };
      if (JSON.stringify(told) !== sent.body) Object.assign(sent, { id: crypto.randomUUID(), body: JSON.stringify(told) });
      const kept = await sendJson("POST", `/api/supervision/items/${item.id}/answers`, { id: sent.id, ...told });
      desk.say(isFinal ? "已定稿" : "已存为草稿");
      show(pane, desk, kept);
      document.documentElement.dataset.saved = String(kept.version);
    } catch (error) {
      trouble.textContent = error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
      trouble.hidden = false;
      if (error instanceof ApiError) mark(form, error.facts.items);
    }
  };
  form.append(el("div", { class: "actions" }, button("存为草稿", () => void save(false), "quiet tall"), button("定稿", () => void save(true), "button")));
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

/** @param {HTMLFormElement} form @param {unknown} items numbers of lines that are not as they should be */
function mark(form, items) {
  const wrong = new Set(Array.isArray(items) ? items.map(String) : []);
  for (const line of form.querySelectorAll("fieldset[data-number]")) {
    line.toggleAttribute("data-wrong", wrong.has(/** @type {HTMLElement} */ (line).dataset.number ?? ""));
  }
  form.querySelector("[data-wrong] input, [data-wrong] textarea")?.scrollIntoView({ block: "center" });
}

/** @param {Line} line @param {Item} item */
function write(line, item) {
  const name = `item-${line.number}`;
  // Figures of the paperwork are the system's to begin with; what is on the ground nobody but the inspector says.
  const begun = item.form === "F5" && item.version === 0 ? line.known : null;
  const controls =
    line.answering === "yes_no"
      ? [choices(name, Object.entries(item.answers), line.answer ?? begun?.answer ?? null), words(`${name}-words`, line.words, "说明（可不填）")]
      : line.answering === "number"
        ? [el("input", { name, type: "number", min: 0, step: 1, inputmode: "numeric", "aria-label": `第 ${line.number} 项数量`, value: line.count ?? "" })]
        : [words(`${name}-words`, line.words ?? begun?.text ?? null, line.may_be_empty ? "没有的可不填" : "检查情况")];
  return el("fieldset", { "data-number": line.number }, el("legend", {}, `${line.number}. ${line.text}`), known(line), ...controls);
}

/** @param {string} name @param {[string, string][]} options @param {string|null} chosen */
function choices(name, options, chosen) {
  const one = (/** @type {[string, string]} */ [value, text]) => el("label", {}, el("input", { type: "radio", name, value, checked: value === chosen }), el("span", {}, text));
  return el("div", { class: "options" }, ...options.map(one));
}

/** @param {string} name @param {string|null} value @param {string} label */
function words(name, value, label) {
  return el("textarea", { name, rows: 2, maxlength: 500, "aria-label": label, placeholder: label }, value ?? "");
}

/** @param {Line} line */
function known({ known: said }) {
  if (!said) return null;
  const says = said.answer_text ? `系统记录（${said.answer_text}）：${said.text}` : `系统记录：${said.text}`;
  return el("p", { class: "known" }, says, said.page ? el("a", { href: said.page }, "查看") : null);
}

/** @param {Item} item */
function found(item) {
  const chosen = item.found_omission === null ? null : String(item.found_omission);
  const options = /** @type {[string, string][]} */ ([["false", "没有发现漏查"], ["true", "发现漏查"]]);
  return el(
    "fieldset",
    { "data-number": "omission" },
    el("legend", {}, "现场有没有台账、清单上没有的场所、租户或问题（漏查）"),
    choices("found_omission", options, chosen),
    words("omission-words", item.words, "漏了什么、在哪里（发现漏查的必填）"),
  );
}

/** @param {HTMLFormElement} form @param {Item} item */
function answersOf(form, item) {
  const values = new FormData(form);
  const text = (/** @type {string} */ name) => String(values.get(name) ?? "").trim() || null;
  const answers = item.lines.map(({ number, answering }) => {
    const given = text(`item-${number}`);
    const answer = answering === "yes_no" ? given : null;
    const count = answering === "number" && given !== null ? Number(given) : null;
    return [String(number), { answer, number: count, words: text(`item-${number}-words`) }];
  });
  const omission = values.get("found_omission");
  return { answers: Object.fromEntries(answers), found_omission: omission === null ? null : omission === "true", words: text("omission-words") };
}

/** @param {Line} line @param {Item} item */
function read(line, item) {
  const said = [line.answer === null ? null : item.answers[line.answer], line.count, line.words].filter((one) => one !== null && one !== undefined);
  return el("div", { class: "line" }, el("p", {}, `${line.number}. ${line.text}`), el("p", { class: "said" }, said.length ? said.join("，") : "未填写"), known(line));
}

/** @param {Item} item */
function versions(item) {
  if (!item.versions.length) return "";
  const rows = item.versions.map((one) => {
    const what = one.is_final ? (one.found_omission ? `定稿，发现漏查：${one.words}` : "定稿，没有发现漏查") : "草稿";
    const where = one.lon === null || one.lat === null ? "" : `，位置 ${one.lat.toFixed(5)}，${one.lon.toFixed(5)}`;
    return el("li", {}, `第 ${one.version} 版　${instant(one.at)}　${one.by_name}　${what}${where}`);
  });
  return el("section", { class: "versions" }, el("h3", {}, "填写记录"), el("ol", {}, ...rows));
}
