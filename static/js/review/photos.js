/** Photos of a record, and beside them those of the record it is like. A tap makes one large. */

import { byId, el } from "../dom.js";
import { instant } from "../format.js";

/** @typedef {import("./types.js").Photo} Photo */

/** @param {import("./types.js").Detail} detail */
export function showPhotos({ photos, other }) {
  const others = other.filter((each) => each.photos.length && each.item);
  byId("photos").replaceChildren(
    ...(photos.length || others.length ? [el("h3", {}, `照片（${photos.length}）`)] : []),
    ...(photos.length ? [strip(photos, others.length ? "本条" : null)] : []),
    ...others.map((each) => strip(each.photos, `${each.item?.officer_name} ${instant(each.item?.started_at ?? "")}`)),
  );
}

/** @param {Photo[]} photos @param {string|null} whose */
function strip(photos, whose) {
  return el(
    "div",
    { class: "strip" },
    whose ? el("p", { class: "under" }, whose) : null,
    ...photos.map((photo, index) =>
      el(
        "figure",
        {},
        el("button", { type: "button", class: "photo", "aria-label": `放大照片 ${index + 1}`, onclick: () => enlarge(photo) }, el("img", { src: `/api/photos/${photo.id}`, alt: `照片 ${index + 1}，${instant(photo.taken_at)}`, loading: "lazy" })),
        el("figcaption", {}, instant(photo.taken_at), photo.own_taken_at && photo.own_taken_at !== photo.taken_at ? el("span", { class: "missing" }, `照片自带：${instant(photo.own_taken_at)}`) : null),
      ),
    ),
  );
}

/** @param {Photo} photo */
function enlarge(photo) {
  const dialog = el("dialog", { class: "large", "aria-label": "照片" }, el("img", { src: `/api/photos/${photo.id}`, alt: `照片，${instant(photo.taken_at)}` }), el("form", { method: "dialog" }, el("button", { class: "button" }, "关闭")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
