/** Originals of a case: thumbnails, upload with progress, striking out. */

import { ApiError } from "../api.js";
import { el } from "../dom.js";
import { button, field, textOf } from "../office.js";
import { session } from "../session.js";
import { askFor, input, localDay, today, why, write } from "./dialog.js";

/** @typedef {import("./types.js").Attachment} Attachment */
/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").Desk} Desk */

const MOST_BYTES = 15 * 1024 * 1024;
const MOST_FILES = 60;

/** @param {CaseDetail} detail @param {Desk} desk */
export function showAttachments(detail, desk) {
  const rows = detail.attachments.map((each, at) => row(detail, desk, each, at + 1));
  const action = detail.may_manage && detail.attachments.length < MOST_FILES ? button("上传附件", () => upload(detail, desk), "quiet tall") : null;
  return el(
    "section",
    { class: "part", id: "attachments" },
    el("div", { class: "part-head" }, el("h2", {}, `附件（${detail.attachments.length}）`), action),
    rows.length ? el("ol", { class: "attachments" }, ...rows) : el("p", { class: "under" }, "还没有附件。照片和扫描件（JPEG、PNG、PDF）作为证据上传到这里。"),
  );
}

/** A small picture, or the word PDF. @param {Attachment} each @param {boolean} [opens] */
export function thumbnail(each, opens = true) {
  const isPicture = each.media_type.startsWith("image/");
  const shown = isPicture ? el("img", { src: `${each.url}?small=true`, alt: each.what, loading: "lazy" }) : el("span", { class: "pdf" }, "PDF");
  return opens ? el("a", { class: "thumb", href: each.url, target: isPicture ? "_blank" : null, title: each.what }, shown) : el("span", { class: "thumb" }, shown);
}

/** @param {CaseDetail} detail @param {Desk} desk @param {Attachment} each @param {number} number */
function row(detail, desk, each, number) {
  const proves = each.proves.map((item) => detail.choices.items[item]).join("、");
  return el(
    "li",
    { class: each.withdrawn_why ? "attachment withdrawn" : "attachment", "data-attachment": each.id },
    thumbnail(each),
    el(
      "div",
      {},
      el("strong", {}, `附件${number}　${each.what}`),
      each.withdrawn_why ? el("p", { class: "missing" }, `已撤销：${each.withdrawn_why}`) : null,
      proves ? el("p", {}, el("span", { class: "tag ok" }, `证明：${proves}`)) : null,
      el("p", { class: "under" }, `${each.file_name} · ${sizeText(each.byte_count)}${each.taken_on ? ` · ${each.taken_on} 拍摄` : ""} · ${each.added_by} ${localDay(each.added_at)} 上传`),
      el("p", { class: "sha" }, `sha256 ${each.sha256}`),
    ),
    detail.may_manage && !each.withdrawn_why ? button("撤销", () => withdraw(detail, desk, each), "quiet tall") : null,
  );
}

/** @param {number} bytes */
function sizeText(bytes) {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {CaseDetail} detail @param {Desk} desk @param {Attachment} each */
function withdraw(detail, desk, each) {
  const path = `/api/cases/${detail.id}/attachments/${each.id}/withdrawal`;
  const send = (/** @type {FormData} */ values) => write(desk, "POST", path, { why: textOf(values, "why") }, "附件已撤销");
  askFor(`撤销附件：${each.what}`, [el("p", { class: "hint" }, "原件和记录保留，不再作为证据。"), why("撤销原因", "why")], "撤销", send, desk.stale);
}

/** @param {CaseDetail} detail @param {Desk} desk */
function upload(detail, desk) {
  const files = el("input", { type: "file", name: "files", accept: "image/jpeg,image/png,application/pdf", multiple: true, required: true });
  const bar = el("progress", { max: 1, value: 0, "aria-label": "上传进度" });
  const told = el("p", { role: "status" });
  const box = el("div", { class: "uploading", hidden: true }, bar, told);
  const fields = [field("文件", files, "JPEG、PNG 或 PDF，每个不超过 15 MB，可一次选多个。"), field("内容", input("what", "", { required: true, maxlength: 100, placeholder: "如：断电现场，电表已拆除" })), field("拍摄（形成）日期", input("taken_on", "", { type: "date", max: today() })), box];
  /** Files that have arrived are not sent again when a later one fails. @type {Map<File, string>} */
  const ids = new Map();
  /** @type {Set<File>} */
  const arrived = new Set();
  const send = async (/** @type {FormData} */ values) => {
    const chosen = [...(files.files ?? [])];
    const large = chosen.find((file) => file.size > MOST_BYTES);
    if (large) throw new ApiError(`${large.name} 超过 15 MB，请压缩或拆分后上传。`, 413);
    box.hidden = false;
    for (const [at, file] of chosen.entries()) {
      if (arrived.has(file)) continue;
      told.textContent = `正在上传第 ${at + 1} 个，共 ${chosen.length} 个：${file.name}`;
      if (!ids.has(file)) ids.set(file, crypto.randomUUID());
      const what = chosen.length > 1 ? `${textOf(values, "what")}（${at + 1}）` : String(textOf(values, "what"));
      const answer = await sendFile(`/api/cases/${detail.id}/attachments`, { id: String(ids.get(file)), what, taken_on: textOf(values, "taken_on") ?? "" }, file, (part) => (bar.value = part));
      arrived.add(file);
      desk.changed(answer, `${file.name} 已上传`);
    }
  };
  askFor("上传附件", fields, "上传", send, desk.stale);
}

/**
 * Send a form with a file; fetch tells nothing of how far an upload has come.
 * @param {string} path @param {Record<string, string>} stated empty ones are left out @param {File} file @param {(part: number) => void} progress
 * @returns {Promise<CaseDetail>}
 */
async function sendFile(path, stated, file, progress) {
  const { csrf_token } = await session();
  const form = new FormData();
  for (const [name, value] of Object.entries(stated)) if (value) form.set(name, value);
  form.set("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    if (csrf_token) request.setRequestHeader("X-CSRF-Token", csrf_token);
    request.upload.addEventListener("progress", (event) => progress(event.lengthComputable ? event.loaded / event.total : 0));
    request.addEventListener("error", () => reject(new ApiError("与服务器失去连接，已上传的保留，请重试。", 0)));
    request.addEventListener("load", () => {
      if (request.status === 200) return resolve(request.response);
      const error = request.response?.error;
      return reject(new ApiError(error?.message ?? `服务器答复异常（${request.status}）`, request.status, error?.code, error?.facts));
    });
    request.send(form);
  });
}
