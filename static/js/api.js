/** The service, asked by fetch. Whoever calls hears of every failure. */

/** An answer that is not what was asked for; `offline` when the server or its database cannot be reached. */
export class ApiError extends Error {
  /**
   * @param {string} message in Chinese, for the person
   * @param {number} status HTTP status, 0 when no answer came
   * @param {string} [code] the service's name for what went wrong
   * @param {Record<string, any>} [facts]
   */
  constructor(message, status, code = "", facts = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.facts = facts;
    this.offline = status === 0 || status === 502 || status === 503 || status === 504;
  }
}

let pending = 0;
let signedOut = goToLogin;

/** Leave for the sign-in page, which leads back here. */
export function goToLogin() {
  location.assign(address("/login", { next: location.pathname + location.search + location.hash }));
}

/**
 * What to do instead of leaving when a session has ended, on a page that must not be left; what was done before.
 * @param {() => void} action
 */
export function whenSignedOut(action) {
  const before = signedOut;
  signedOut = action;
  return before;
}

/** @param {number} step */
function count(step) {
  pending += step;
  document.dispatchEvent(new CustomEvent("wuyilou:pending", { detail: pending }));
}

/**
 * @param {string} path
 * @param {Record<string, string|number|null|undefined>} [params] null and undefined are left out
 * @returns {string}
 */
export function address(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** @param {unknown} error */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * Ask for JSON. Throws ApiError, or the AbortError of the signal.
 * @param {string} path
 * @param {Record<string, string|number|null|undefined>} [params]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function getJson(path, params, signal) {
  return ask(address(path, params), { signal, headers: { Accept: "application/json" } });
}

/**
 * Any request that is answered in JSON, or by nothing (null). Throws ApiError, or the AbortError of the signal.
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<any>}
 */
export function ask(path, options) {
  return answered(path, options, async (response) => (response.status === 204 ? null : await response.json()));
}

/**
 * A file with the name that the service gives it. Throws ApiError, or the AbortError of the signal.
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<{blob: Blob, name: string}>}
 */
export function getFile(path, signal) {
  return answered(path, { signal }, async (response) => {
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "");
    return { blob: await response.blob(), name: named ? decodeURIComponent(named[1]) : "" };
  });
}

/**
 * @template T
 * @param {string} path
 * @param {RequestInit} options
 * @param {(response: Response) => Promise<T>} read
 * @returns {Promise<T>}
 */
async function answered(path, options, read) {
  count(1);
  try {
    const response = await fetch(path, options);
    if (!response.ok) throw await errorOf(response);
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError || isAbort(error)) throw error;
    throw new ApiError("与服务器失去连接", 0);
  } finally {
    count(-1);
  }
}

/** @param {Response} response @returns {Promise<ApiError>} */
async function errorOf(response) {
  const { error } = await response.json().catch(() => ({}));
  const facts = error?.facts ?? {};
  const isOut = response.status === 401 && !response.url.endsWith("/api/session");
  if (isOut || facts.reason === "password_change_required") signedOut();
  const message = String(error?.message ?? `服务器答复异常（${response.status}）`);
  return new ApiError(message, response.status, String(error?.code ?? ""), facts);
}

/**
 * What a map says of a tile that did not come, as the other requests say it; null when the person is sent to sign in.
 * @param {{message: string, status?: number}} error with no status when no answer came
 * @returns {ApiError|null}
 */
export function errorOfTile({ status = 0 }) {
  if (status === 401) {
    signedOut();
    return null;
  }
  return new ApiError(status ? `地图数据没有取到（服务器答复 ${status}）` : "与服务器失去连接", status);
}

/** Two loads of one kind never overtake each other: the older is aborted. */
export class Latest {
  constructor() {
    /** @type {AbortController|null} */
    this.controller = null;
  }

  /** @returns {AbortSignal} of the load that starts now */
  start() {
    this.controller?.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }
}
