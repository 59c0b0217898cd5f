/**
 * The phone page with no network: its files, as the server listed them with their digests, are kept together or not at
 * all, and served from the phone. The interface (/api) is never touched, and nothing else is ever kept.
 */

/** @type {any} */
const worker = self;
worker.importScripts("/sw-files.js"); // sets WUYILOU_FILES: digest by path, made by the server from the files it serves
/** @type {{version: string, digests: Record<string, string>}} */
const { version, digests } = worker.WUYILOU_FILES;
const PREFIX = "wuyilou-field-";
const CACHE = PREFIX + version;
const PAGE = "/field";

/** @param {Response} response @returns {Promise<string>} */
async function digestOf(response) {
  const hash = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A file as listed: from what is kept of an earlier version, else from the server. @param {string} path */
async function fetched(path) {
  const kept = await caches.match(path);
  if (kept && (await digestOf(kept)) === digests[path]) return kept;
  const response = await fetch(path, { cache: "no-cache" });
  if (response.status !== 200 || (await digestOf(response)) !== digests[path]) {
    throw new Error(`${path} is not the file that the server listed: the version before stays`);
  }
  return response;
}

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.keys(digests).map(async (path) => cache.put(path, await fetched(path))));
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {string} path without its query: MapLibre adds one of its own @param {Request} request */
async function answered(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "take-over") worker.skipWaiting();
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || request.headers.has("range")) return;
  if (request.mode === "navigate" ? url.pathname === PAGE : url.pathname in digests) {
    event.respondWith(answered(url.pathname, request));
  }
});
