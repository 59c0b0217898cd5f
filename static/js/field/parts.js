/** Parts that several views use: choices, photos, the question before something is lost. */

import { byId, el } from "../dom.js";
import { takePhoto } from "./photo.js";

/** @typedef {import("./types.js").Photo} Photo */
/** @typedef {import("./types.js").OutboxItem} OutboxItem */

export const MOST_PHOTOS = 6;

/**
 * One choice of several.
 * @param {string} legend @param {string} name @param {{code: string, name: string}[]} choices @param {() => void} changed
 */
export function choices(legend, name, choices, changed) {
  return el(
    "fieldset",
    { class: "choices" },
    el("legend", {}, legend),
    ...choices.map((choice) => el("label", {}, el("input", { type: "radio", name, value: choice.code, onchange: changed }), choice.name)),
  );
}

/** What is chosen in a form; "" for nothing. @param {ParentNode} form @param {string} name @returns {string} */
export function chosen(form, name) {
  const input = /** @type {HTMLInputElement|null} */ (form.querySelector(`input[name="${name}"]:checked`));
  return input?.value ?? "";
}

/** Photos of one record while it is made. */
export class PhotoTray {
  /** @param {import("./field.js").Field} field @param {() => void} changed */
  constructor(field, changed) {
    this.field = field;
    this.changed = changed;
    /** @type {{photo: Photo, url: string}[]} */
    this.taken = [];
    this.problem = "";
    this.isBusy = false;
    this.box = el("div", { class: "photos" });
    this.#render();
  }

  get photos() {
    return this.taken.map(({ photo }) => photo);
  }

  /** Photos that were kept. @param {Photo[]} photos */
  restore(photos) {
    this.taken = photos.map((photo) => ({ photo, url: urlOf(photo) }));
    this.#render();
  }

  clear() {
    for (const { url } of this.taken) URL.revokeObjectURL(url);
    this.taken = [];
    this.problem = "";
    this.#render();
  }

  /** @param {File|undefined} file */
  async #take(file) {
    if (!file) return;
    this.isBusy = true;
    this.problem = "";
    this.#render();
    try {
      const { person, position } = this.field;
      const now_ms = Date.now();
      const facts = { officer: `${person.name} ${person.officer_code}`, grid: this.field.gridHere()?.name ?? "", here: position.recent(now_ms), now_ms };
      const photo = await takePhoto(file, facts);
      this.taken.push({ photo, url: urlOf(photo) });
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.isBusy = false;
    this.#render();
    this.changed();
  }

  /** @param {string} id */
  #drop(id) {
    this.taken = this.taken.filter(({ photo }) => photo.id !== id);
    this.#render();
    this.changed();
  }

  #render() {
    const input = el("input", { type: "file", accept: "image/*", capture: "environment", "aria-label": "拍照", onchange: (/** @type {any} */ event) => void this.#take(event.target.files[0]) });
    this.box.replaceChildren(
      ...this.taken.map(({ photo, url }, at) =>
        el("figure", {}, el("img", { src: url, alt: `照片 ${at + 1}` }), el("button", { type: "button", onclick: () => this.#drop(photo.id) }, "删除")),
      ),
      ...(this.taken.length < MOST_PHOTOS ? [el("div", { class: "camera" }, this.isBusy ? "正在处理…" : "拍照", input)] : []),
      el("p", { class: "problem", role: "alert" }, this.problem),
    );
  }
}

/** @param {Photo} photo */
const urlOf = (photo) => URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" }));

/**
 * A record and its photos as they go into the outbox: photos first, then what names them.
 * @param {string} officer_code @param {Pick<OutboxItem, "id"|"kind"|"title"|"body">} record @param {Photo[]} photos
 * @returns {OutboxItem[]}
 */
export function bundle(officer_code, record, photos) {
  const common = { officer_code, created_at: Date.now(), parked: null };
  /** @type {OutboxItem[]} */
  const items = photos.map((photo, order) => ({
    ...common, id: photo.id, kind: "photo", title: "", order, needs: [], bytes: photo.bytes,
    body: { officer_code, taken_at: photo.taken_at, lon: photo.place?.lon, lat: photo.place?.lat },
  }));
  items.push({ ...common, ...record, order: photos.length, needs: photos.map(({ id }) => id), bytes: null });
  return items;
}

/**
 * Ask before something is lost.
 * @param {string} question @param {string} yes @returns {Promise<boolean>}
 */
export function confirmed(question, yes) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
  return new Promise((resolve) => {
    const answer = (/** @type {boolean} */ value) => () => {
      resolve(value);
      dialog.close();
    };
    dialog.replaceChildren(
      el("div", { class: "sheet" }, el("p", {}, question), el("button", { type: "button", class: "act danger", onclick: answer(true) }, yes), el("button", { type: "button", class: "act", onclick: answer(false) }, "返回")),
    );
    dialog.onclose = () => resolve(false);
    dialog.showModal();
  });
}
