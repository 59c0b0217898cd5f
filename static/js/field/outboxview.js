/** 待上传: what waits and why, questions to answer, what the server has, and tracks recorded elsewhere. */

import { byId, el } from "../dom.js";
import { area } from "../format.js";
import { answerForm } from "./answer.js";
import { importForm } from "./importing.js";
import { confirmed } from "./parts.js";
import { clock, dayAndClock, ITEM_NAMES, KIND_NAMES, REVIEW_NAMES, walked } from "./words.js";

/** @typedef {import("./types.js").OutboxItem} OutboxItem */

export class OutboxView {
  /** @param {import("./field.js").Field} field @param {import("./view.js").PageView} page */
  constructor(field, page) {
    this.field = field;
    this.page = page;
    this.key = "";
    this.waiting = el("div", { class: "records", id: "waiting" });
    this.questions = el("div", { class: "records", id: "questions" });
    this.records = el("div", { class: "records", id: "records" });
    this.state = el("p", { id: "outbox-state", role: "status" });
    this.asked = el("section", {}, el("h3", {}, "待答复"), this.questions);
    this.sendNow = el("button", { type: "button", class: "act", id: "send-now", onclick: () => void field.outbox.flush() }, "现在上传");
  }

  #build() {
    byId("view-outbox").replaceChildren(
      el(
        "div",
        { class: "sheet" },
        el("h2", {}, "待上传"),
        this.state,
        this.waiting,
        this.sendNow,
        this.asked,
        importForm(this.field, this.page),
        el("section", {}, el("h3", {}, "已上传的记录"), this.records),
      ),
    );
  }

  render() {
    if (!this.state.isConnected) this.#build();
    const { outbox, questions, records } = this.field;
    const text = this.#stateText();
    if (this.state.textContent !== text) this.state.textContent = text;
    const key = JSON.stringify([outbox.items.map(({ id, parked }) => [id, parked]), questions, records]);
    if (key === this.key) return; // a finger may be on its way to a button, or an answer half written
    this.key = key;
    this.waiting.replaceChildren(...outbox.records.map((item) => this.#item(item)));
    this.sendNow.hidden = outbox.items.every((item) => item.parked);
    this.asked.hidden = !questions.length;
    this.questions.replaceChildren(...questions.map((question) => answerForm(this.field, this.page, question)));
    this.records.replaceChildren(...(records.length ? records.map(record) : [el("p", { class: "hint" }, "还没有已上传的记录。")]));
  }

  #stateText() {
    const { outbox } = this.field;
    const number = outbox.waiting;
    if (!number) return "全部已上传。";
    const parked = outbox.records.filter((item) => outbox.trouble(item)).length;
    const waits = `待上传 ${number} 条${parked ? `，其中 ${parked} 条需要处理` : ""}。`;
    if (outbox.state === "sending") return `${waits}正在上传…`;
    if (outbox.state === "offline") return `${waits}没有网络，联网后自动上传。`;
    if (outbox.state === "signed-out") return `${waits}需要重新登录。`;
    if (outbox.state === "server") return `${waits}${outbox.message}`;
    return waits;
  }

  /** @param {OutboxItem} item */
  #item(item) {
    const trouble = this.field.outbox.trouble(item);
    const photos = item.needs.length ? `，照片 ${item.needs.length} 张` : "";
    const about = item.kind === "patrol" ? `${clock(item.body.started_at)} 至 ${clock(item.body.stopped_at)}，有效 ${walked(item.body.length_m)}，定位点 ${item.body.count} 个` : item.title;
    /** @param {string} text @param {() => void} act */
    const button = (text, act) => el("button", { type: "button", onclick: act }, text);
    return el(
      "article",
      { class: `record${trouble ? " bad" : ""}`, "data-kind": item.kind },
      el("strong", {}, ITEM_NAMES[item.kind]),
      el("span", {}, `${about}${photos}　${dayAndClock(item.created_at)}`),
      trouble ? el("p", { class: "problem" }, `服务器没有接收：${trouble.message}`) : null,
      trouble
        ? el("div", { class: "row" }, button("重试", () => void this.field.outbox.retry(item.id)), button("导出", () => void this.#save(item)), button("删除", () => void this.#giveUp(item)))
        : null,
    );
  }

  /** Save a record as a file, so that it can be handed in another way. @param {OutboxItem} item */
  async #save(item) {
    const { outbox } = this.field;
    const record = item.kind === "patrol" ? await outbox.patrolBody(item.id) : item.body;
    const photos = outbox.family(item.id).filter((each) => each.kind === "photo");
    const files = photos.map((photo) => new File([photo.bytes ?? new ArrayBuffer(0)], `${photo.id}.jpg`, { type: "image/jpeg" }));
    if (item.kind === "import") files.push(new File([item.bytes ?? new ArrayBuffer(0)], item.body.file_name));
    else files.push(new File([JSON.stringify(record)], `${item.kind}-${item.id}.json`, { type: "application/json" }));
    for (const file of files) {
      const link = el("a", { href: URL.createObjectURL(file), download: file.name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }
  }

  /** @param {OutboxItem} item */
  async #giveUp(item) {
    const question = `删除这条${ITEM_NAMES[item.kind]}？它没有上传，删除后不能恢复。可以先“导出”保存。`;
    if (await confirmed(question, "删除")) await this.field.outbox.giveUp(item.id);
  }
}

/** @param {import("./types.js").SentRecord} sent */
function record(sent) {
  const facts = [
    sent.kind === "visit" && sent.label ? sent.label : "",
    sent.counted_length_m ? `有效 ${walked(sent.counted_length_m)}` : "",
    sent.seen_m2 && !sent.area_m2 ? `查看 ${area(sent.seen_m2)}` : "",
    sent.area_m2 ? `面积 ${area(sent.area_m2)}` : "",
    REVIEW_NAMES[sent.review] ?? sent.review,
  ].filter(Boolean);
  return el(
    "article",
    { class: "record", "data-id": sent.id },
    el("strong", {}, `${KIND_NAMES[sent.kind] ?? sent.kind}　${dayAndClock(Date.parse(sent.started_at))}`),
    el("span", {}, facts.join("，")),
    ...sent.findings.map((text) => el("p", { class: "hint" }, text)),
  );
}

