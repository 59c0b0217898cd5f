/** Sites and cases on the main map, each a switch; what was tapped is told on the card. */

import { address } from "../api.js";
import { el } from "../dom.js";
import { addStateImages, OCCUPANCIES, SITE_KINDS, stateMark, stateWord } from "../sitestates.js";
import { CASE_LOOKS, caseMark } from "./caselooks.js";
import { addCaseImages, caseLayers, caseSource } from "./cases.js";
import { SITE_TARGETS, siteLayers, siteSource } from "./sitelayers.js";

/** @typedef {import("../types.js").LayerName} LayerName */
/** What lies under a finger: words for the card, or where to look closer. @typedef {{card: Node[]|null, center: [number, number]}} Thing */

const REACH_PX = 6;

export class Things {
  /** @param {import("maplibre-gl").Map} map whose style is loaded */
  constructor(map) {
    this.map = map;
  }

  /** @param {LayerName[]} layers switched on, of those that the reader may see */
  show(layers) {
    if (layers.includes("sites") && !this.map.getSource("sites")) {
      addStateImages(this.map);
      this.#add("sites", siteSource("sites/{z}/{x}/{y}.mvt"), siteLayers());
    }
    if (layers.includes("cases") && !this.map.getSource("cases")) {
      addCaseImages(this.map);
      this.#add("cases", caseSource(), caseLayers());
    }
    this.#turn(siteLayers(), layers.includes("sites"));
    this.#turn(caseLayers(), layers.includes("cases"));
  }

  /** @param {string} name @param {import("maplibre-gl").SourceSpecification} source @param {import("maplibre-gl").LayerSpecification[]} layers */
  #add(name, source, layers) {
    this.map.addSource(name, source);
    for (const layer of layers) this.map.addLayer(layer, "chosen-point-halo");
  }

  /** @param {import("maplibre-gl").LayerSpecification[]} layers @param {boolean} isOn */
  #turn(layers, isOn) {
    for (const { id } of layers) if (this.map.getLayer(id)) this.map.setLayoutProperty(id, "visibility", isOn ? "visible" : "none");
  }

  /** @param {{x: number, y: number}} point @returns {Thing|null} */
  at({ x, y }) {
    const layers = ["case-marks", ...SITE_TARGETS].filter((id) => this.map.getLayer(id));
    if (!layers.length) return null;
    const [found] = this.map.queryRenderedFeatures([[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]], { layers });
    if (!found) return null;
    const { geometry, properties } = found;
    const center = /** @type {[number, number]} */ (geometry.type === "Point" ? geometry.coordinates : [0, 0]);
    if (found.source === "cases") return { card: caseCard(properties), center };
    return { card: properties.id ? siteCard(properties) : null, center };
  }
}

/** @param {Record<string, any>} site of a tile @returns {Node[]} */
function siteCard({ id, name, kind, occupancy, state, omissions }) {
  return [
    el("h2", {}, name ?? "场所"),
    el("p", { class: "card-where" }, [SITE_KINDS[kind], OCCUPANCIES[occupancy]].filter(Boolean).join(" · ")),
    state ? el("p", { class: "card-state" }, stateMark(state), el("strong", {}, stateWord(state)), omissions ? `　遗漏 ${omissions} 项` : "") : el("p"),
    el("a", { class: "button", href: address("/sites", { site: id }) }, "查看租户和走访"),
  ];
}

/** @param {Record<string, any>} facts of a tile @returns {Node[]} */
function caseCard({ id, number, name, state }) {
  return [
    el("h2", {}, name ?? "案件"),
    el("p", { class: "card-where" }, number ?? ""),
    el("p", { class: "card-state" }, caseMark(state), el("strong", {}, CASE_LOOKS[state]?.[0] ?? state)),
    el("a", { class: "button", href: address("/cases", { id }) }, "查看案件"),
  ];
}
