/** Answering what a reviewer asked back about a record of mine. */

import { el } from "../dom.js";
import { bundle, PhotoTray } from "./parts.js";
import { dayAndClock, KIND_NAMES } from "./words.js";

/**
 * @param {import("./field.js").Field} field @param {import("./view.js").PageView} page
 * @param {import("./types.js").Question} question
 */
export function answerForm(field, page, question) {
  const tray = new PhotoTray(field, () => {});
  const words = el("textarea", { "aria-label": "答复", maxlength: 500 });
  const problem = el("p", { class: "problem", role: "alert" });
  const waits = field.outbox.items.some((item) => item.kind === "answer" && item.body.evidence_id === question.evidence_id);
  const submit = async () => {
    if (!words.value.trim()) {
      problem.textContent = "请先填写答复。";
      return;
    }
    const id = crypto.randomUUID();
    const body = { id, evidence_id: question.evidence_id, words: words.value.trim(), photo_ids: tray.photos.map((photo) => photo.id), made_at: new Date().toISOString() };
    await field.outbox.add(bundle(field.store.officer_code, { id, kind: "answer", title: question.question, body }, tray.photos));
    page.say("答复已保存在本机，有网络时自动上传。");
  };
  return el(
    "article",
    { class: "record bad", "data-evidence": question.evidence_id },
    el("strong", {}, `${KIND_NAMES[question.kind] ?? question.kind}　${dayAndClock(Date.parse(question.started_at))}`),
    el("p", {}, `审核人问：${question.question}`),
    ...(waits ? [el("p", { class: "hint" }, "已答复，等待上传。")] : [words, tray.box, problem, el("div", { class: "row" }, el("button", { type: "button", onclick: () => void submit() }, "提交答复"))]),
  );
}
