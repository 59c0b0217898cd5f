/** Recording a patrol: every position goes into the phone's store at once, and nothing but the person ends it. */

import { Swath } from "../engine/swath.js";
import { clean, localDay, Tracker } from "../engine/tracks.js";
import { toWgs84 } from "./datum.js";

/** @typedef {import("./types.js").Patrol} Patrol */
/** @typedef {import("./types.js").KeptFix} KeptFix */
/** @typedef {import("./types.js").Mode} Mode */
/** @typedef {import("../engine/tracks.js").Fix} Fix */
/** @typedef {import("../engine/tracks.js").Reason} Reason */

export class Recorder {
  /**
   * @param {import("./store.js").Store} store
   * @param {{rules: Record<Mode, import("./types.js").TrackRules>, utc_offset_s: number}} given
   * @param {() => void} changed
   * @param {(error: unknown) => void} failed the phone could not keep something
   */
  constructor(store, given, changed, failed) {
    this.store = store;
    this.given = given;
    this.changed = changed;
    this.failed = failed;
    /** @type {import("./ground.js").Ground|null} */
    this.ground = null;
    /** @type {Patrol|null} */
    this.patrol = null;
    /** @type {Promise<unknown>} one deed after another: a position must not come between reading and taking up */
    this.busy = Promise.resolve();
    /** @type {Tracker|null} */
    this.tracker = null;
    this.swath = new Swath();
    this.count = 0;
    this.new_cm2 = 0;
    /** @type {GeoJSON.Position[][]} unbroken runs that count */
    this.lines = [];
    this.isRunning = false;
    /** @type {Reason|null} why the latest step does not count */
    this.latestFault = null;
  }

  /** @template Result @param {() => Promise<Result>} deed @returns {Promise<Result>} */
  #inTurn(deed) {
    const done = this.busy.then(deed);
    this.busy = done.catch(() => {}); // whoever asked for it hears of the failure
    return done;
  }

  #clear() {
    this.tracker = null;
    this.swath = new Swath();
    this.count = 0;
    this.new_cm2 = 0;
    this.lines = [];
    this.isRunning = false;
    this.latestFault = null;
  }

  get isRecording() {
    return this.patrol?.state === "recording";
  }

  today() {
    return localDay(Date.now(), this.given.utc_offset_s);
  }

  /** Take up what was being recorded when the page went away, and paint what was walked since the package. */
  resume() {
    return this.#inTurn(() => this.#resume());
  }

  async #resume() {
    /** @type {[Patrol, KeptFix[]][]} */
    const kept = [];
    for (const patrol of await this.store.patrols()) kept.push([patrol, await this.store.fixes(patrol.id)]);
    // From here in one step: nobody sees, meanwhile, a patrol that is not being recorded.
    this.patrol = null;
    this.#clear();
    for (const [patrol, fixes] of kept) {
      if (patrol.state === "recording" || patrol.state === "paused") {
        this.patrol = patrol;
        this.#begin(patrol);
        for (const fix of fixes.toSorted((a, b) => a.time - b.time)) this.#put(fix, patrol);
      } else this.#paint(patrol, fixes);
    }
    this.changed();
  }

  /** @param {Patrol} patrol @param {KeptFix[]} fixes */
  #paint(patrol, fixes) {
    const rules = this.given.rules[patrol.mode];
    const swath = new Swath();
    for (const segment of clean(fixes.map((fix) => judged(fix, patrol)), rules, this.given.utc_offset_s).segments) {
      swath.add(segment, rules.half_width_m, (look, index) => this.ground?.see(look.key, index, look.day));
    }
  }

  /** @param {Mode} mode @param {import("./types.js").PhoneDatum} datum */
  start(mode, datum) {
    return this.#inTurn(() => this.#start(mode, datum));
  }

  /** @param {Mode} mode @param {import("./types.js").PhoneDatum} datum */
  async #start(mode, datum) {
    if (this.patrol) return;
    /** @type {Patrol} */
    const patrol = { id: crypto.randomUUID(), officer_code: this.store.officer_code, mode, datum, state: "recording", started_at: Date.now(), stopped_at: null, sent_at: null };
    await this.store.savePatrol(patrol);
    this.#clear();
    this.patrol = patrol;
    this.#begin(patrol);
    this.changed();
  }

  /** @param {Patrol} patrol */
  #begin(patrol) {
    this.tracker = new Tracker(this.given.rules[patrol.mode], this.given.utc_offset_s);
  }

  /** @param {"recording"|"paused"} state */
  turn(state) {
    return this.#inTurn(async () => {
      if (!this.patrol) return;
      this.patrol = { ...this.patrol, state };
      await this.store.savePatrol(this.patrol);
      this.changed();
    });
  }

  /** A position came. @param {Omit<KeptFix, "patrol_id">} raw */
  take(raw) {
    return this.#inTurn(() => this.#keep(raw));
  }

  /** @param {Omit<KeptFix, "patrol_id">} raw */
  async #keep(raw) {
    const { patrol, tracker } = this;
    if (!patrol || !tracker || patrol.state !== "recording") return;
    if (tracker.last?.time_ms === raw.time && this.count) return; // some phones tell the same position twice
    const fix = { ...raw, patrol_id: patrol.id };
    try {
      await this.store.addFix(fix);
    } catch (error) {
      this.failed(error);
      return;
    }
    if (tracker.last && raw.time < tracker.last.time_ms) await this.#resume(); // the clock was set back: judge anew, in order
    else this.#put(fix, patrol);
    this.changed();
  }

  /** @param {KeptFix} fix @param {Patrol} patrol */
  #put(fix, patrol) {
    if (!this.tracker) return;
    const before = this.tracker.last;
    const next = judged(fix, patrol);
    const put = this.tracker.put(next);
    this.count += 1;
    this.latestFault = typeof put === "string" ? put : null;
    if (put === null || typeof put === "string" || !before) {
      this.isRunning = false;
      return;
    }
    if (!this.isRunning) this.lines.push([[before.lon, before.lat]]);
    this.isRunning = true;
    this.lines[this.lines.length - 1].push([next.lon, next.lat]);
    this.swath.add(put, this.tracker.rules.half_width_m, (look, index) => {
      this.new_cm2 += this.ground?.see(look.key, index, look.day) ?? 0;
    });
  }

  /** End the patrol and put it into the outbox; one without positions is dropped. @returns {Promise<boolean>} whether it has positions */
  stop() {
    return this.#inTurn(() => this.#stop());
  }

  async #stop() {
    const patrol = this.patrol;
    if (!patrol) return false;
    this.patrol = null;
    if (!this.count) await this.store.dropPatrol(patrol.id);
    else {
      const stopped = { ...patrol, state: /** @type {const} */ ("stopped"), stopped_at: Date.now() };
      await this.store.hand(stopped, {
        id: patrol.id, officer_code: patrol.officer_code, kind: "patrol", title: "", created_at: Date.now(), order: 0, needs: [],
        body: { mode: patrol.mode, started_at: patrol.started_at, stopped_at: stopped.stopped_at, count: this.count, length_m: this.length_m },
        bytes: null, parked: null,
      });
    }
    const hasPositions = this.count > 0;
    this.#clear();
    this.changed();
    return hasPositions;
  }

  /** What does not count, by reason. */
  get leftOut() {
    return this.tracker?.leftOut ?? {};
  }

  get length_m() {
    return this.tracker?.counted.length_m ?? 0;
  }

  get minutes() {
    return (this.tracker?.counted.duration_s ?? 0) / 60;
  }

  /** When the latest position was taken; null when there is none yet. @returns {number|null} */
  get latest_ms() {
    return this.tracker?.last?.time_ms ?? null;
  }
}

/** @param {KeptFix} fix @param {Patrol} patrol @returns {Fix} as the service judges it */
function judged(fix, patrol) {
  const { lon, lat } = toWgs84({ lon: fix.lon, lat: fix.lat }, patrol.datum);
  return { lon, lat, time_ms: fix.time, accuracy_m: fix.accuracy_m };
}
