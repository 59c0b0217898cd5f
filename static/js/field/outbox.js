/**
 * What waits for the server. A record leaves the phone's store only after the server's yes; ids make sending twice
 * harmless. No network or a server in trouble: all waits. A refusal: that record is put aside for the person.
 */

import { address, ApiError, ask } from "../api.js";
import { forgetSession, session } from "../session.js";

/** @typedef {import("./types.js").OutboxItem} OutboxItem */
/** @typedef {"idle"|"sending"|"offline"|"signed-out"|"other-person"|"server"} OutboxState */

const EVERY_MS = 30_000;
const PATIENCE_MS = 60_000;
const SLOWEST_BYTES_PER_MS = 5; // a whole day over a poor network takes its time
/** @type {Record<string, string>} */
const PATHS = { patrol: "/api/patrols", mark: "/api/marks", lead: "/api/leads", visit: "/api/visits", answer: "/api/field/answers" };
const TRY_LATER = new Set([408, 425, 429]);

export class Outbox {
  /** @param {import("./store.js").Store} store @param {() => void} changed @param {() => Promise<void>} sent called when something went */
  constructor(store, changed, sent) {
    this.store = store;
    this.changed = changed;
    this.sent = sent;
    /** @type {OutboxState} */
    this.state = "idle";
    this.message = "";
    /** @type {OutboxItem[]} */
    this.items = [];
    this.isAskedAgain = false;
  }

  /** Flush now and whenever there is reason to hope. */
  async start() {
    await this.reload();
    addEventListener("online", () => void this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void this.flush());
    setInterval(() => void this.flush(), EVERY_MS);
    await this.flush();
  }

  async reload() {
    this.items = await this.store.outbox();
    this.changed();
  }

  /** Records that wait, photos counted with their record. */
  get waiting() {
    return this.records.length;
  }

  /** What a person made: neither a record's photos nor that an order was seen. */
  get records() {
    return this.items.filter((item) => item.kind !== "photo" && item.kind !== "seen");
  }

  get parked() {
    return this.items.filter((item) => item.parked);
  }

  /** @param {OutboxItem[]} items */
  async add(items) {
    await this.store.enqueue(items);
    await this.reload();
    void this.flush();
  }

  /** Send what can be sent, one page at a time. Nothing is thrown: `state` and `message` tell how it went. */
  async flush() {
    await navigator.locks.request("wuyilou-outbox", { ifAvailable: true }, async (lock) => {
      // Somebody is at it, and may have looked already before this was asked: they look once more.
      this.isAskedAgain = !lock;
      if (!lock) return;
      do {
        this.isAskedAgain = false;
        await this.#flushOnce();
      } while (this.isAskedAgain);
    });
    this.changed();
  }

  async #flushOnce() {
    await this.reload();
    if (!this.items.some((item) => !item.parked)) return this.#tell(this.state === "signed-out" ? "signed-out" : "idle");
    if (await this.#sendAll()) await this.sent();
  }

  /** @returns {Promise<boolean>} whether anything went */
  async #sendAll() {
    let hasSent = false;
    try {
      const csrf = await this.#signedIn();
      if (!csrf) return false;
      this.#tell("sending");
      for (let item = this.#next(); item; item = this.#next()) {
        if (await this.#send(item, csrf)) hasSent = true;
        this.items = await this.store.outbox();
        this.changed();
      }
      this.#tell("idle");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#tell(error.status === 401 ? "signed-out" : error.offline ? "offline" : "server", error.message);
    }
    return hasSent;
  }

  #next() {
    const there = new Set(this.items.map((item) => item.id));
    return this.items.find((item) => !item.parked && !item.needs.some((id) => there.has(id)));
  }

  /** The page token of the session, if it is this officer's; else null. @returns {Promise<string|null>} */
  async #signedIn() {
    forgetSession();
    const { person, csrf_token } = await session();
    if (!person || person.must_change_password) this.#tell("signed-out");
    else if (person.officer_code !== this.store.officer_code) this.#tell("other-person");
    else return csrf_token;
    return null;
  }

  /** Send one. Throws ApiError when no more should be tried now. @param {OutboxItem} item @param {string} csrf @returns {Promise<boolean>} */
  async #send(item, csrf) {
    try {
      const { path, method, body, type } = await this.#request(item);
      /** @type {Record<string, string>} */
      const headers = { Accept: "application/json", "X-CSRF-Token": csrf };
      if (type) headers["Content-Type"] = type;
      const size = body instanceof Blob ? body.size : typeof body === "string" ? body.length : (item.bytes?.byteLength ?? 0);
      await ask(path, { method, body, headers, signal: AbortSignal.timeout(PATIENCE_MS + size / SLOWEST_BYTES_PER_MS) });
    } catch (error) {
      if (!(error instanceof ApiError) || !isRefusal(error)) throw error;
      // An order that was taken back meanwhile need not be told seen.
      if (item.kind === "seen") await this.store.removeItems([item.id]);
      else await this.store.park(item.id, { message: error.message, status: error.status });
      return false;
    }
    if (item.kind === "patrol") await this.#patrolSent(item);
    else await this.store.removeItems([item.id]);
    return true;
  }

  /** @param {OutboxItem} item */
  async #patrolSent(item) {
    const patrol = (await this.store.patrols()).find(({ id }) => id === item.id);
    if (patrol) await this.store.patrolSent({ ...patrol, state: "sent", sent_at: Date.now() });
    else await this.store.removeItems([item.id]);
  }

  /** @param {OutboxItem} item @returns {Promise<{path: string, method: string, body: BodyInit, type: string|null}>} */
  async #request(item) {
    const bytes = new Blob(item.bytes ? [item.bytes] : []);
    if (item.kind === "photo") return { path: address(`/api/photos/${item.id}`, item.body), method: "PUT", body: bytes, type: "image/jpeg" };
    if (item.kind === "import") {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...item.body, id: item.id })) if (name !== "file_name") form.set(name, String(value));
      form.set("file", bytes, item.body.file_name);
      return { path: "/api/patrols/import", method: "POST", body: form, type: null };
    }
    const body = JSON.stringify(item.kind === "patrol" ? await this.patrolBody(item.id) : item.body);
    if (item.kind === "seen") return { path: `/api/field/orders/${item.body.order_id}/seen`, method: "POST", body: "{}", type: "application/json" };
    return { path: PATHS[item.kind], method: "POST", body, type: "application/json" };
  }

  /** A patrol as POST /api/patrols wants it. @param {string} id */
  async patrolBody(id) {
    const patrol = (await this.store.patrols()).find((each) => each.id === id);
    if (!patrol) throw new Error(`patrol ${id} waits but is not kept`);
    const fixes = (await this.store.fixes(id)).map(({ lon, lat, time, accuracy_m, speed_m_s, heading_deg }) => ({
      lon, lat, time, accuracy_m, ...(speed_m_s === null ? {} : { speed_m_s }), ...(heading_deg === null ? {} : { heading_deg }),
    }));
    return { id, officer_code: patrol.officer_code, mode: patrol.mode, datum: patrol.datum, device: navigator.userAgent.slice(0, 200), fixes };
  }

  /** The server asked for somebody to sign in. */
  signedOut() {
    this.#tell("signed-out");
  }

  /** @param {OutboxState} state @param {string} [message] */
  #tell(state, message = "") {
    this.state = state;
    this.message = message;
    this.changed();
  }

  /** Try again what was put aside. @param {string} id */
  async retry(id) {
    for (const item of this.family(id)) await this.store.park(item.id, null);
    await this.reload();
    await this.flush();
  }

  /** Give a record up, with its photos and, for a patrol, its positions. @param {string} id */
  async giveUp(id) {
    const family = this.family(id);
    await this.store.removeItems(family.map((item) => item.id));
    if (family.some((item) => item.kind === "patrol")) await this.store.dropPatrol(id);
    await this.reload();
  }

  /** A record and the photos that it names. @param {string} id @returns {OutboxItem[]} */
  family(id) {
    const record = this.items.find((item) => item.id === id);
    return this.items.filter((item) => item.id === id || record?.needs.includes(item.id));
  }

  /** Why a record does not go, its photos' reasons included. @param {OutboxItem} record */
  trouble(record) {
    return this.family(record.id).find((item) => item.parked)?.parked ?? null;
  }
}

/** Whether the server refuses this record, rather than being away or wanting somebody to sign in. @param {ApiError} error */
function isRefusal({ status, facts, offline }) {
  if (offline || status >= 500 || status === 401 || TRY_LATER.has(status)) return false;
  return facts.reason !== "csrf" && facts.reason !== "password_change_required";
}
