/**
 * Copy the browser-ready files of the front-end libraries from node_modules to static/vendor, where the pages find them.
 * A file that is missing after an upgrade stops the set-up here, not in somebody's browser.
 */
import { cp, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FILES = {
  gcoord: { "dist/gcoord.esm-browser.prod.js": "gcoord.js", LICENSE: "LICENSE.txt" },
  idb: { "build/index.js": "idb.js", LICENSE: "LICENSE.txt" },
  "terra-draw": { "dist/terra-draw.modern.js": "terra-draw.js" },
  "terra-draw-maplibre-gl-adapter": { "dist/terra-draw-maplibre-gl-adapter.modern.js": "adapter.js" },
  uplot: { "dist/uPlot.esm.js": "uplot.js", "dist/uPlot.min.css": "uplot.css", LICENSE: "LICENSE.txt" },
  "maplibre-gl": {
    "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    "dist/maplibre-gl.css": "maplibre-gl.css",
    "LICENSE.txt": "LICENSE.txt",
  },
  leaflet: {
    "dist/leaflet-src.esm.js": "leaflet-src.esm.js",
    "dist/leaflet.js": "leaflet.js", // not a module: app/snapshots puts it into its files
    "dist/leaflet.css": "leaflet.css",
    "dist/images/layers.png": "images/layers.png",
    "dist/images/layers-2x.png": "images/layers-2x.png",
    "dist/images/marker-icon.png": "images/marker-icon.png",
    "dist/images/marker-icon-2x.png": "images/marker-icon-2x.png",
    "dist/images/marker-shadow.png": "images/marker-shadow.png",
    LICENSE: "LICENSE.txt",
  },
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "static", "vendor");
const unfinished = join(root, "node_modules", ".vendor");

/**
 * @param {string} library
 * @param {string} from
 * @param {string} to
 */
async function copy(library, from, to) {
  const source = join(root, "node_modules", library, from);
  const size = await stat(source).then((found) => found.size, () => 0);
  if (size === 0) throw new Error(`${library} has no ${from} (or an empty one): adapt scripts/vendor.mjs to its new layout`);
  const destination = join(unfinished, library, to);
  await mkdir(dirname(destination), { recursive: true });
  await cp(source, destination);
}

await rm(unfinished, { recursive: true, force: true });
for (const [library, files] of Object.entries(FILES)) {
  for (const [from, to] of Object.entries(files)) await copy(library, from, to);
}
await rm(target, { recursive: true, force: true });
await rename(unfinished, target);
