/** Where it was: the record's track or area over units and grids, and the record it is like beside it. */

import { byId, el } from "../dom.js";
import { bboxOf } from "../geometry.js";
import { makeMap } from "../map/making.js";
import { addPatterns } from "../map/patterns.js";
import { style } from "../map/style.js";
import { ACCENT, INK } from "../palette.js";
import { showMapTrouble } from "../session.js";
import { phoneFeatures, stepFeatures } from "./ground.js";

/** What of a record, or of a request, goes on the map. @typedef {Partial<import("./types.js").Detail> & Pick<import("./types.js").Detail, "other">} Shown */
/** @typedef {import("maplibre-gl").LayerSpecification} LayerSpecification */

const KEPT = ["paper", "lakes", "rivers", "exclusions-fill", "exclusions-asked", "grids-line", "units-line", "parents-line", "lake-names", "names"];
const SOURCES = ["lakes", "rivers", "units", "grids", "labels", "exclusions"];
const OTHER = "#e08a1e";
const LOST = "#7b8790";
/** @type {Record<string, string>} */
const STEPS = { slow: "#6baed6", middle: "#2171b5", fast: "#08306b", wrong: ACCENT, lost: LOST };
/** @type {any} */
const byClass = ["match", ["get", "of"], ...Object.entries(STEPS).flat(), INK];
/** @type {[key: string, text: string, colour: string, dashed: boolean][]} */
const LEGEND = [
  ["slow", "计入，慢", STEPS.slow, false],
  ["middle", "计入，中速", STEPS.middle, false],
  ["fast", "计入，快（接近上限）", STEPS.fast, false],
  ["wrong", "过快或跳变，未计入", STEPS.wrong, true],
  ["lost", "中断或精度差，未计入", STEPS.lost, true],
  ["track", "巡查轨迹", STEPS.middle, false],
  ["area", "所画范围", INK, false],
  ["site", "场所", INK, false],
  ["phone", "手机位置", ACCENT, false],
  ["other", "相似的另一条记录", OTHER, false],
];

export class RecordMap {
  /** @param {HTMLElement} container */
  constructor(container) {
    this.container = container;
    this.map = makeMap(container, reviewStyle(), {}, showMapTrouble);
    this.ready = new Promise((resolve) => this.map.once("style.load", resolve)).then(() => addPatterns(this.map));
  }

  /** @param {Shown} detail */
  async show(detail) {
    await this.ready;
    const own = ownFeatures(detail);
    const other = detail.other.flatMap((each) => [each.track, each.area].filter((geometry) => geometry !== null)).map(feature);
    this.#put("own", own);
    this.#put("other", other);
    this.#put("cursor", []);
    this.#fit([...own, ...other]);
    showLegend(new Set([...own.map((each) => String(each.properties?.of)), ...(other.length ? ["other"] : [])]));
  }

  /** Show where the fix under the chart's cursor is. @param {[number, number]|null} place */
  point(place) {
    this.#put("cursor", place ? [feature({ type: "Point", coordinates: place })] : []);
  }

  /** @param {GeoJSON.Feature[]} features */
  #fit(features) {
    if (!features.length) return;
    const bounds = bboxOf({ type: "GeometryCollection", geometries: features.map((each) => each.geometry) });
    this.map.resize();
    this.map.fitBounds(bounds, { padding: { top: 40, bottom: 48, left: 40, right: 48 }, duration: 0, maxZoom: 17 });
  }

  /** @param {string} source @param {GeoJSON.Feature[]} features */
  #put(source, features) {
    const known = /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource(source));
    known?.setData({ type: "FeatureCollection", features });
  }
}

/** @param {Shown} detail @returns {GeoJSON.Feature[]} */
function ownFeatures(detail) {
  const features = detail.series ? stepFeatures(detail.series) : detail.track ? [{ ...feature(detail.track), properties: { of: "track" } }] : [];
  const ground = detail.area ?? detail.place ?? null;
  if (ground) features.push({ ...feature(ground), properties: { of: detail.visit ? "site" : "area" } });
  if (detail.position) features.push(...phoneFeatures(detail.position, detail.position_accuracy_m ?? null, detail.distance_m ? ground : null));
  const ends = detail.series;
  if (ends && ends.lon.length > 1) {
    features.push({ ...feature({ type: "Point", coordinates: [ends.lon[0], ends.lat[0]] }), properties: { of: "start" } });
    features.push({ ...feature({ type: "Point", coordinates: [ends.lon[ends.lon.length - 1], ends.lat[ends.lat.length - 1]] }), properties: { of: "end" } });
  }
  return features;
}

/** @param {GeoJSON.Geometry} geometry @returns {GeoJSON.Feature} */
function feature(geometry) {
  return { type: "Feature", properties: {}, geometry };
}

/** @param {Set<string>} shown */
function showLegend(shown) {
  byId("legend").replaceChildren(
    ...LEGEND.filter(([key]) => shown.has(key)).map(([key, text, colour, dashed]) => {
      const line = el("span", { class: `key key-${key}${dashed ? " dashed" : ""}` });
      line.style.setProperty("--colour", colour);
      return el("li", {}, line, text);
    }),
  );
}

/** The map page's ground and borders, with the record's own layers above. */
function reviewStyle() {
  const known = style();
  /** @type {any} */
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  const sources = Object.fromEntries(Object.entries(known.sources).filter(([name]) => SOURCES.includes(name)));
  const layers = known.layers.filter((layer) => KEPT.includes(layer.id)).map((layer) => (layer.id === "grids-line" ? { ...layer, paint: { "line-color": "#93a3ad", "line-width": 1 } } : layer));
  return { ...known, sources: { ...sources, own: empty, other: empty, cursor: empty }, layers: [.../** @type {LayerSpecification[]} */ (layers), ...recordLayers()] };
}

/** @param {string} of @returns {any} */
const is = (of) => ["==", ["get", "of"], of];

/** @returns {LayerSpecification[]} */
function recordLayers() {
  /** @type {any} */
  const isGround = ["all", ["in", ["get", "of"], ["literal", ["area", "site"]]], ["!=", ["geometry-type"], "Point"]];
  const round = /** @type {const} */ ({ "line-cap": "round", "line-join": "round" });
  return [
    { id: "other-area", type: "fill", source: "other", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": OTHER, "fill-opacity": 0.25 } },
    { id: "other-line", type: "line", source: "other", layout: round, paint: { "line-color": OTHER, "line-width": 9, "line-opacity": 0.6 } },
    { id: "area", type: "fill", source: "own", filter: isGround, paint: { "fill-color": INK, "fill-opacity": 0.18 } },
    { id: "area-line", type: "line", source: "own", filter: isGround, paint: { "line-color": INK, "line-width": 2.4 } },
    { id: "site", type: "circle", source: "own", filter: ["all", is("site"), ["==", ["geometry-type"], "Point"]], paint: { "circle-radius": 7, "circle-color": INK, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } },
    { id: "lost", type: "line", source: "own", filter: is("lost"), paint: { "line-color": LOST, "line-width": 2, "line-dasharray": [2, 2] } },
    { id: "steps", type: "line", source: "own", filter: ["in", ["get", "of"], ["literal", ["slow", "middle", "fast"]]], layout: round, paint: { "line-color": byClass, "line-width": 3.5 } },
    { id: "track", type: "line", source: "own", filter: is("track"), layout: round, paint: { "line-color": STEPS.middle, "line-width": 3 } },
    { id: "wrong", type: "line", source: "own", filter: is("wrong"), paint: { "line-color": ACCENT, "line-width": 3, "line-dasharray": [2, 1.2] } },
    { id: "accuracy", type: "fill", source: "own", filter: is("accuracy"), paint: { "fill-color": ACCENT, "fill-opacity": 0.15 } },
    { id: "distance", type: "line", source: "own", filter: is("distance"), paint: { "line-color": ACCENT, "line-width": 2, "line-dasharray": [1.5, 1.5] } },
    { id: "phone", type: "circle", source: "own", filter: is("phone"), paint: { "circle-radius": 7, "circle-color": ACCENT, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } },
    { id: "ends", type: "circle", source: "own", filter: ["in", ["get", "of"], ["literal", ["start", "end"]]], paint: { "circle-radius": 6, "circle-color": ["case", is("start"), "#ffffff", INK], "circle-stroke-color": INK, "circle-stroke-width": 2 } },
    { id: "cursor", type: "circle", source: "cursor", paint: { "circle-radius": 8, "circle-color": "#ffd34d", "circle-stroke-color": INK, "circle-stroke-width": 2 } },
  ];
}
