/** Everything that the phone page looks after, and how its parts tell each other. */

import { ApiError, getJson } from "../api.js";
import { cellOf } from "../engine/frame.js";
import { localDay } from "../engine/tracks.js";
import { Ground } from "./ground.js";
import { OfflineCopy } from "./offline.js";
import { Orders } from "./orders.js";
import { Outbox } from "./outbox.js";
import { PositionWatch } from "./position.js";
import { ProgressReports } from "./progress.js";
import { Recorder } from "./recorder.js";
import { byDistance, Spots } from "./spots.js";
import { VisitDrafts } from "./visitdraft.js";
import { WakeLock } from "./wake.js";

/** @typedef {import("./types.js").Package} Package */
/** @typedef {import("./types.js").PhoneDatum} PhoneDatum */

const REFRESH_MS = 10 * 60_000;
// Until the first package: what the page needs to keep positions. Figures come with the package.
/** @type {Pick<Package, "rules"|"utc_offset_s">} */
const BEFORE_PACKAGE = {
  utc_offset_s: 28_800,
  rules: {
    foot: { half_width_m: 30, max_accuracy_m: 35, max_gap_s: 60, max_step_m: 150, max_speed_m_s: 3 },
    vehicle: { half_width_m: 20, max_accuracy_m: 35, max_gap_s: 60, max_step_m: 150, max_speed_m_s: 8.3 },
    drone: { half_width_m: 60, max_accuracy_m: 35, max_gap_s: 60, max_step_m: 150, max_speed_m_s: 15 },
  },
};

export class Field {
  /** @param {import("./store.js").Store} store @param {import("../types.js").Person} person */
  constructor(store, person) {
    this.store = store;
    this.person = person;
    /** @type {(() => void)[]} */
    this.listeners = [];
    const changed = () => this.changed();
    /** @type {Package|null} */
    this.package = null;
    /** @type {Ground|null} */
    this.ground = null;
    /** @type {Spots|null} */
    this.spots = null;
    /** @type {PhoneDatum} */
    this.datum = "WGS-84";
    /** @type {string} what could not be kept on the phone */
    this.trouble = "";
    this.others = 0;
    /** Seconds that the phone's clock is ahead of the server's, when last asked. */
    this.clockAhead_s = 0;
    /** @type {import("./types.js").Question[]} */
    this.questions = [];
    /** @type {import("./types.js").SentRecord[]} */
    this.records = [];
    /** @type {import("./types.js").AssignedLead[]} that I am to look into */
    this.leads = [];
    /** @type {string|null} the blind spot or order that the person is led to; null: the nearest */
    this.target = null;
    this.recorder = new Recorder(store, BEFORE_PACKAGE, changed, (error) => this.failed(error));
    this.outbox = new Outbox(store, changed, () => this.refresh());
    this.orders = new Orders(this);
    this.drafts = new VisitDrafts(store, (error) => this.failed(error));
    this.position = new PositionWatch(() => this.recorder.patrol?.datum ?? this.datum, ({ raw }) => void this.#moved(raw), changed);
    this.wake = new WakeLock(changed);
    this.offline = new OfflineCopy(changed);
    this.progress = new ProgressReports(this);
    this.refreshed_ms = 0;
  }

  /** @param {() => void} listener */
  listen(listener) {
    this.listeners.push(listener);
  }

  changed() {
    void this.wake.want(this.recorder.isRecording);
    for (const listener of this.listeners) listener();
  }

  /** @param {unknown} error */
  failed(error) {
    console.error(error);
    this.trouble = `本机没有保存成功：${error instanceof Error ? error.message : String(error)}。请检查手机存储空间。`;
    this.changed();
  }

  /** What is kept on the phone: enough to go on without a network. */
  async open() {
    this.datum = (await this.store.kept("datum")) ?? "WGS-84";
    this.questions = (await this.store.kept("questions")) ?? [];
    this.records = (await this.store.kept("records")) ?? [];
    this.leads = (await this.store.kept("leads")) ?? [];
    await this.orders.open();
    await this.drafts.open();
    this.others = await this.store.othersWaiting();
    await this.#take(await this.store.kept("package"));
  }

  /** Positions, sending, news; all of it goes on until the page is closed. */
  async begin() {
    this.position.start();
    this.progress.start();
    setInterval(() => this.changed(), 1000);
    setInterval(() => void this.refresh(), REFRESH_MS);
    document.addEventListener("visibilitychange", () => void this.#returned());
    void navigator.storage?.persist?.();
    void this.offline.start();
    await this.outbox.start();
    if (!this.refreshed_ms) await this.refresh();
  }

  async #returned() {
    if (document.visibilityState === "visible" && Date.now() - this.refreshed_ms > REFRESH_MS) await this.refresh();
  }

  /** Ask the server for what is new. Without a network all stays as it was. */
  async refresh() {
    const asked_at = Date.now();
    try {
      const given = await getJson("/api/field/package");
      if (given.officer.code !== this.store.officer_code) return; // somebody else has signed in meanwhile
      this.clockAhead_s = Math.round((Date.now() - Date.parse(given.server_time)) / 1000);
      await this.store.keep("package", given);
      await this.store.dropSentBefore(asked_at);
      await this.#take(given);
      this.questions = await getJson("/api/field/inbox");
      this.records = await getJson("/api/field/records", { limit: 50 });
      await this.store.keep("questions", this.questions);
      await this.store.keep("records", this.records);
      this.leads = await getJson("/api/field/leads");
      await this.store.keep("leads", this.leads);
      await this.orders.take(await getJson("/api/field/orders"));
      this.refreshed_ms = asked_at;
    } catch (error) {
      if (!(error instanceof ApiError)) this.failed(error);
    }
    this.changed();
  }

  /** @param {Package|undefined} given */
  async #take(given) {
    if (given) {
      this.package = given;
      this.recorder.given = given;
      this.ground = await Ground.of(given);
      this.recorder.ground = this.ground;
      this.spots = new Spots(given.blind_spots.features, this.ground);
    }
    await this.recorder.resume();
  }

  /** @param {Omit<import("./types.js").KeptFix, "patrol_id">} raw */
  async #moved(raw) {
    await this.recorder.take(raw);
    this.changed();
  }

  today() {
    return localDay(Date.now(), (this.package ?? BEFORE_PACKAGE).utc_offset_s);
  }

  /** My grid where I am; null outside of mine or without a position. */
  gridHere() {
    const here = this.position.here;
    if (!here || !this.ground) return null;
    const { key, index } = cellOf(here.lon, here.lat);
    return this.ground.gridAt(key, index);
  }

  /** Blind spots still to be covered, nearest first. */
  nearSpots() {
    return this.spots ? byDistance(this.spots.left(this.today()), this.position.here) : [];
  }

  /** Sites in my grids that must be looked into. */
  sites() {
    return this.package?.sites ?? [];
  }

  /** @param {PhoneDatum} datum */
  async useDatum(datum) {
    this.datum = datum;
    await this.store.keep("datum", datum);
    this.changed();
  }
}
