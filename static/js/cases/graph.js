/** The chain drawn: suppliers left, buyers right, landlords above, other relations below. Nodes take the focus. */

import { el, svg } from "../dom.js";

/** @typedef {import("./types.js").Graph} Graph */
/** @typedef {import("./types.js").GraphNode} GraphNode */
/** @typedef {import("./types.js").GraphEdge} GraphEdge */

const BOX = { width: 144, height: 52 };
const STEP = { x: 216, y: 92 };
const MARGIN = 12;
const NAME_LENGTH = 10;

/** @param {Graph} graph @param {(id: string) => void} open */
export function drawGraph(graph, open) {
  const xs = graph.nodes.map((node) => node.column * STEP.x);
  const ys = graph.nodes.map((node) => node.row * STEP.y);
  const [west, north] = [Math.min(...xs) - BOX.width / 2 - MARGIN, Math.min(...ys) - BOX.height / 2 - MARGIN];
  const width = Math.max(...xs) + BOX.width / 2 + MARGIN - west;
  const height = Math.max(...ys) + BOX.height / 2 + MARGIN - north;
  const at = new Map(graph.nodes.map((node) => [node.key, { x: node.column * STEP.x, y: node.row * STEP.y }]));
  const arrow = svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" }, svg("path", { d: "M0 0 L8 4 L0 8 Z", class: "arrow-head" }));
  const lines = graph.edges.flatMap((edge) => edgeOf(edge, at));
  const nodes = graph.nodes.map((node) => nodeOf(node, open));
  const drawing = svg("svg", { class: "chain-graph", viewBox: `${west} ${north} ${width} ${height}`, width, height, role: "group", "aria-label": "上下游关系图：上家在左，下家在右，出租方在上" }, svg("defs", {}, arrow), ...lines, ...nodes);
  const more = graph.left_out ? el("p", { class: "under" }, `另有 ${graph.left_out} 个关联方未画出。`) : null;
  const box = el("div", { class: "scrolls graph-box", tabindex: 0, role: "region", "aria-label": "上下游关系图" }, drawing, more);
  // Where there is no room for all of it, the case itself is in view.
  requestAnimationFrame(() => (box.scrollLeft = -west * (box.scrollWidth / width) - box.clientWidth / 2));
  return box;
}

/** @param {GraphEdge} edge @param {Map<string, {x: number, y: number}>} at */
function edgeOf({ source, target, text }, at) {
  const from = at.get(source);
  const to = at.get(target);
  if (!from || !to) return [];
  const [start, end] = [border(from, to), border(to, from)];
  const ends = { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
  const line = svg("line", text === "关联" ? { ...ends, class: "edge" } : { ...ends, class: "edge", "marker-end": "url(#arrow)" });
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 - 5 };
  return [line, svg("text", { ...middle, class: "edge-text", "text-anchor": "middle" }, text)];
}

/** Where the line from a box's middle to another point leaves the box. @param {{x: number, y: number}} box @param {{x: number, y: number}} towards */
function border(box, towards) {
  const [dx, dy] = [towards.x - box.x, towards.y - box.y];
  const scale = Math.min(BOX.width / 2 / Math.max(Math.abs(dx), 1e-9), BOX.height / 2 / Math.max(Math.abs(dy), 1e-9));
  return { x: box.x + dx * scale, y: box.y + dy * scale };
}

/** @param {GraphNode} node @param {(id: string) => void} open */
function nodeOf(node, open) {
  const [x, y] = [node.column * STEP.x, node.row * STEP.y];
  const shape = svg("rect", { x: x - BOX.width / 2, y: y - BOX.height / 2, width: BOX.width, height: BOX.height, rx: 6 });
  const name = svg("text", { x, y: y - 4, class: "node-name", "text-anchor": "middle" }, cut(node.name));
  const note = svg("text", { x, y: y + 15, class: "node-note", "text-anchor": "middle" }, cut(node.note, 18));
  const title = svg("title", {}, `${node.name}，${node.note}`);
  const kind = `node ${node.hop === 0 ? "middle" : node.case_id ? `case-${node.state}` : "named"}`;
  if (!node.case_id || node.hop === 0) return svg("g", { class: kind, tabindex: 0, role: "img", "aria-label": `${node.name}，${node.note}` }, title, shape, name, note);
  const id = node.case_id;
  const link = svg("a", { class: kind, href: `/cases?id=${encodeURIComponent(id)}`, "aria-label": `打开案件 ${node.note} ${node.name}` }, title, shape, name, note);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open(id);
  });
  return link;
}

/** @param {string} text @param {number} [length] */
function cut(text, length = NAME_LENGTH) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
