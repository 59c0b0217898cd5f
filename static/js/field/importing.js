/** Tracks recorded elsewhere: a file of a watch, a car or a drone goes into the outbox as it is. */

import { el } from "../dom.js";

const CHOOSE = "选择文件";
const MOST_BYTES = 30 * 1024 * 1024;

/** @param {import("./field.js").Field} field @param {import("./view.js").PageView} page */
export function importForm(field, page) {
  const name = el("span", {}, CHOOSE);
  const show = () => (name.textContent = file.files?.[0]?.name ?? CHOOSE);
  const file = el("input", { type: "file", id: "import-file", accept: ".gpx,.kml,.kmz,.geojson,.json,.csv", "aria-label": "轨迹文件", onchange: show });
  const mode = el("select", { "aria-label": "巡查方式" }, el("option", { value: "foot" }, "步行"), el("option", { value: "vehicle" }, "车巡"), el("option", { value: "drone" }, "无人机"));
  const datum = el("select", { "aria-label": "坐标系" }, ...["WGS-84", "GCJ-02", "BD-09", "CGCS2000"].map((code) => el("option", { value: code }, code)));
  const accuracy = el("select", { "aria-label": "设备定位精度" }, el("option", { value: "" }, "文件中已写明"), ...[3, 5, 10, 20, 30].map((metres) => el("option", { value: metres }, `约 ${metres} 米`)));
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = async () => {
    const [chosen] = file.files ?? [];
    problem.textContent = !chosen ? "请先选择文件。" : chosen.size > MOST_BYTES ? "文件超过 30 MB，请分段导出后再上传。" : "";
    if (!chosen || problem.textContent) return;
    /** @type {Record<string, string>} */
    const body = { officer_code: field.store.officer_code, mode: mode.value, datum: datum.value, file_name: chosen.name };
    if (accuracy.value) body.accuracy_m = accuracy.value;
    const bytes = await chosen.arrayBuffer();
    await field.outbox.add([
      { id: crypto.randomUUID(), officer_code: field.store.officer_code, kind: "import", title: chosen.name, created_at: Date.now(), order: 0, needs: [], body, bytes, parked: null },
    ]);
    file.value = "";
    show();
    page.say("文件已保存在本机，有网络时自动上传。");
  };
  /** @param {string} text @param {HTMLElement} input */
  const row = (text, input) => el("div", {}, el("p", { class: "field-label" }, text), input);
  return el(
    "details",
    { class: "record", id: "import" },
    el("summary", {}, "导入手表、车载或无人机的轨迹（GPX、KML、KMZ、GeoJSON、CSV）"),
    row("文件", el("div", { class: "camera" }, name, file)),
    row("巡查方式", mode),
    row("坐标系", datum),
    row("设备定位精度", accuracy),
    problem,
    el("div", { class: "row" }, el("button", { type: "button", id: "import-submit", onclick: () => void submit() }, "保存并上传")),
  );
}
