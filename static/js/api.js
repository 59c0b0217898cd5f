/** The service, asked by fetch. Whoever calls hears of every failure. */

/** An answer that is not what was asked for; `offline` when the server or its database cannot be reached. */
export class ApiError extends Error {
  /**
   * @param {string} message in Chinese, for the person
   * @param {number} status HTTP status, 0 when no answer came
   */
  constructor(message, status) {
    super(message);
    this.status = status;
    this.offline = status === 0 || status === 502 || status === 503 || status === 504;
  }
}

let pending = 0;

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
export async function getJson(path, params, signal) {
  count(1);
  try {
    const response = await fetch(address(path, params), { signal, headers: { Accept: "application/json" } });
    if (!response.ok) throw new ApiError(await messageOf(response), response.status);
    return await response.json();
  } catch (error) {
    if (error instanceof ApiError || isAbort(error)) throw error;
    throw new ApiError("与服务器失去连接", 0);
  } finally {
    count(-1);
  }
}

/** @param {Response} response */
async function messageOf(response) {
  try {
    const body = await response.json();
    return String(body.error.message);
  } catch {
    return `服务器答复异常（${response.status}）`;
  }
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
