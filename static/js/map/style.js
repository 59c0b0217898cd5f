/** The map's style: sources and layers, bottom to top. No glyphs: names are drawn with the machine's own fonts. */

import { ACCENT, CLASS_COLOURS, DRONE, FOOT, INK, PAPER, VEHICLE, WATER } from "../palette.js";

/** @typedef {import("maplibre-gl").LayerSpecification} LayerSpecification */
/** @typedef {import("../types.js").LayerName} LayerName */

export const GRID_ZOOM = 11;
export const NEAR_ZOOM = 12;
export const POINT_ZOOM = 13;
export const FONTS = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];
export const FILL_OPACITY = 0.82;

/** @param {string} path */
export const tiles = (path) => [`${location.origin}/api/tiles/${path}`];

/** @type {any} */
const byClass = ["match", ["coalesce", ["feature-state", "k"], -1], ...CLASS_COLOURS.flatMap((colour, k) => [k, colour]), "rgba(0,0,0,0)"];
/** Where nothing is divided into grids at all, the hatching of units says so already. @type {any} */
const GAP = ["!", ["get", "ungridded"]];
/** @type {any} */
const byMode = ["match", ["get", "mode"], "vehicle", VEHICLE, "drone", DRONE, FOOT];

/** @returns {import("maplibre-gl").StyleSpecification} */
export function style() {
  return {
    version: 8,
    sources: {
      lakes: { type: "geojson", data: "/static/basemap/lakes.geojson" },
      rivers: { type: "geojson", data: "/static/basemap/rivers.geojson" },
      units: { type: "vector", tiles: tiles("units/{z}/{x}/{y}.mvt"), maxzoom: 14, promoteId: { units: "code" } },
      grids: { type: "vector", tiles: tiles("grids/{z}/{x}/{y}.mvt"), minzoom: GRID_ZOOM, maxzoom: 15, promoteId: "code" },
      labels: { type: "vector", tiles: tiles("labels/{z}/{x}/{y}.mvt"), maxzoom: 14 },
      defects: { type: "vector", tiles: tiles("defects/{z}/{x}/{y}.mvt"), minzoom: 9, maxzoom: 16 },
      exclusions: { type: "vector", tiles: tiles("exclusions/{z}/{x}/{y}.mvt"), minzoom: 10, maxzoom: 15 },
      tracks: { type: "vector", tiles: tiles("tracks/{z}/{x}/{y}.mvt"), minzoom: 10, maxzoom: 15 },
      freshness: { type: "raster", tiles: tiles("freshness/{z}/{x}/{y}.png"), minzoom: NEAR_ZOOM, maxzoom: 15, tileSize: 256 },
      spots: { type: "geojson", data: { type: "FeatureCollection", features: [] }, promoteId: "id" },
      walk: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      chosen: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [...ground(), ...coverage(), ...evidence(), ...outlines(), ...spots(), ...names(), ...chosenPoint()],
  };
}

/** @returns {LayerSpecification[]} */
function ground() {
  return [
    { id: "paper", type: "background", paint: { "background-color": PAPER } },
    { id: "lakes", type: "fill", source: "lakes", paint: { "fill-color": WATER } },
    { id: "rivers", type: "line", source: "rivers", paint: { "line-color": WATER, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 1.5, 13, 6] } },
  ];
}

/** @returns {LayerSpecification[]} */
function coverage() {
  return [
    // Above the zoom of grids a unit that has grids leaves the colouring to them.
    {
      id: "units-fill", type: "fill", source: "units", "source-layer": "units", filter: ["get", "gridded"],
      paint: { "fill-color": byClass, "fill-opacity": FILL_OPACITY },
    },
    {
      id: "units-none", type: "fill", source: "units", "source-layer": "units", filter: ["!", ["get", "gridded"]],
      paint: { "fill-pattern": "no-data" },
    },
    {
      id: "grids-fill", type: "fill", source: "grids", "source-layer": "grids", minzoom: GRID_ZOOM,
      paint: { "fill-color": byClass, "fill-opacity": FILL_OPACITY },
    },
    {
      id: "exclusions-fill", type: "fill", source: "exclusions", "source-layer": "exclusions", minzoom: GRID_ZOOM,
      filter: ["==", ["get", "state"], "approved"], paint: { "fill-pattern": "excluded" },
    },
    {
      id: "exclusions-asked", type: "fill", source: "exclusions", "source-layer": "exclusions", minzoom: GRID_ZOOM,
      filter: ["==", ["get", "state"], "requested"], paint: { "fill-pattern": "requested" },
    },
  ];
}

/** @returns {LayerSpecification[]} */
function evidence() {
  return [
    { id: "freshness", type: "raster", source: "freshness", minzoom: NEAR_ZOOM, paint: { "raster-resampling": "nearest", "raster-fade-duration": 0, "raster-opacity": 1 } },
    {
      id: "tracks", type: "line", source: "tracks", "source-layer": "tracks", minzoom: GRID_ZOOM, layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": byMode, "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.8, 16, 2.5], "line-opacity": 0.75 },
    },
  ];
}

/** @returns {LayerSpecification[]} */
function outlines() {
  return [
    {
      id: "grids-line", type: "line", source: "grids", "source-layer": "grids", minzoom: GRID_ZOOM,
      paint: { "line-color": "#ffffff", "line-opacity": 0.9, "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.4, 15, 1.4] },
    },
    {
      id: "units-line", type: "line", source: "units", "source-layer": "units",
      paint: { "line-color": "#4c6274", "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 14, 1.6], "line-opacity": 0.8 },
    },
    {
      id: "parents-line", type: "line", source: "units", "source-layer": "parents",
      paint: { "line-color": INK, "line-width": ["match", ["get", "level"], ["province", "city"], 2, "county", 1.5, 1.1], "line-opacity": 0.75 },
    },
    { id: "defects-nobody", type: "fill", source: "defects", "source-layer": "defects", filter: ["all", ["==", ["get", "kind"], "nobodys_land"], GAP], paint: { "fill-pattern": "nobody" } },
    { id: "defects-overlap", type: "fill", source: "defects", "source-layer": "defects", filter: ["in", ["get", "kind"], ["literal", ["overlap", "outside"]]], paint: { "fill-pattern": "overlap" } },
    { id: "defects-line", type: "line", source: "defects", "source-layer": "defects", filter: GAP, paint: { "line-color": ACCENT, "line-width": 1.4 } },
    ...["units", "parents", "grids"].flatMap((name) => chosenOutline(name)),
  ];
}

/** A dark line in a white one around the unit or grid in view. @param {string} name @returns {LayerSpecification[]} */
function chosenOutline(name) {
  const common = /** @type {const} */ ({ type: "line", source: name === "grids" ? "grids" : "units", "source-layer": name });
  /** @type {any} */
  const none = ["==", ["get", "code"], ""];
  return [
    { id: `chosen-${name}-halo`, ...common, filter: none, layout: { "line-join": "round" }, paint: { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.9 } },
    { id: `chosen-${name}`, ...common, filter: none, layout: { "line-join": "round" }, paint: { "line-color": INK, "line-width": 2.6 } },
  ];
}

/** @returns {LayerSpecification[]} */
function spots() {
  return [
    { id: "spots-fill", type: "fill", source: "spots", minzoom: NEAR_ZOOM, paint: { "fill-pattern": "blind" } },
    { id: "spots-line", type: "line", source: "spots", minzoom: NEAR_ZOOM, paint: { "line-color": ACCENT, "line-width": 1.4 } },
    {
      id: "spots-dot", type: "circle", source: "walk", maxzoom: NEAR_ZOOM,
      paint: {
        "circle-color": ACCENT, "circle-opacity": 0.85, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
        "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "area_m2"]], 10, 2, 1200, 7],
      },
    },
    { id: "chosen-spot", type: "line", source: "chosen", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ACCENT, "line-width": 3.5 } },
  ];
}

/** The place chosen, above all names. @returns {LayerSpecification[]} */
function chosenPoint() {
  return [
    { id: "chosen-point-halo", type: "circle", source: "chosen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 9, "circle-color": "#ffffff", "circle-opacity": 0.9 } },
    { id: "chosen-point", type: "circle", source: "chosen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5.5, "circle-color": INK } },
  ];
}

/** @returns {LayerSpecification[]} */
function names() {
  const halo = { "text-color": INK, "text-halo-color": "rgba(255,255,255,0.92)", "text-halo-width": 1.6 };
  /** @type {any} */
  const size = ["match", ["get", "level"], ["province", "city"], 17, "county", 15, "town", 14, "village", 12.5, 11];
  return [
    {
      id: "lake-names", type: "symbol", source: "lakes", minzoom: 8,
      layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": 12 }, paint: { "text-color": "#5f8aa3", "text-halo-color": WATER, "text-halo-width": 1 },
    },
    {
      id: "names", type: "symbol", source: "labels", "source-layer": "labels",
      layout: {
        "text-field": ["get", "name"], "text-font": FONTS, "text-size": size, "text-max-width": 8, "text-padding": 6,
        "symbol-sort-key": ["match", ["get", "level"], ["province", "city"], 0, "county", 1, "town", 2, "village", 3, 4],
      },
      paint: halo,
    },
  ];
}

/** Which layers of the style a switch turns on and off; sites and cases come by things.js. @type {Partial<Record<LayerName, string[]>>} */
export const SWITCHED = {
  units: ["units-fill", "units-none"],
  grids: ["grids-fill", "grids-line"],
  freshness: ["freshness"],
  spots: ["spots-fill", "spots-line", "spots-dot"],
  defects: ["defects-nobody", "defects-overlap", "defects-line"],
  exclusions: ["exclusions-fill", "exclusions-asked"],
  tracks: ["tracks"],
};

/** Sources whose addresses name the day and the state of the city: until these are known nothing is asked of them. */
const DATED = ["units", "grids", "labels", "defects", "exclusions", "tracks", "freshness"];
const BY_SWITCH = new Set(Object.values(SWITCHED).flat());

/** Whether a layer draws one of the dated sources. @param {LayerSpecification} layer */
const isDated = (layer) => "source" in layer && DATED.includes(layer.source);

/** The style with all dated layers hidden: MapLibre asks for no tiles of a source that nothing shows. */
export function heldStyle() {
  const known = style();
  const layers = known.layers.map((layer) => (isDated(layer) ? { ...layer, layout: { ...layer.layout, visibility: "none" } } : layer));
  return { ...known, layers: /** @type {LayerSpecification[]} */ (layers) };
}

/**
 * Show what is switched on, and the dated layers that no switch governs: their sources know by now where to ask.
 * @param {import("maplibre-gl").Map} map
 * @param {LayerName[]} switchedOn
 */
export function showSwitched(map, switchedOn) {
  const on = new Set(switchedOn.flatMap((name) => SWITCHED[name] ?? []));
  for (const layer of style().layers) {
    const { id } = layer;
    if (isDated(layer) || BY_SWITCH.has(id)) map.setLayoutProperty(id, "visibility", on.has(id) || !BY_SWITCH.has(id) ? "visible" : "none");
  }
}
