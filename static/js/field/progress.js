/** Where a patrol is, told every 20 seconds while there is a network. Not evidence: what does not arrive is not sent again. */

import { ApiError } from "../api.js";
import { sendJson } from "../session.js";

const EVERY_MS = 20_000;

export class ProgressReports {
  /** @param {import("./field.js").Field} field */
  constructor(field) {
    this.field = field;
    /** @type {string} why the latest report did not arrive */
    this.trouble = "";
    this.told = "";
  }

  start() {
    setInterval(() => void this.report(), EVERY_MS);
  }

  /** Report now, if there is something to report. @param {"stopped"} [state] @param {import("./types.js").Patrol} [ended] */
  async report(state, ended) {
    const { recorder, position } = this.field;
    const patrol = ended ?? recorder.patrol;
    const here = position.here;
    if (!patrol || !here || !navigator.onLine) return;
    const now = `${patrol.id} ${state ?? patrol.state} ${here.time_ms}`;
    if (now === this.told) return;
    try {
      await sendJson("POST", "/api/field/progress", {
        patrol_id: patrol.id,
        mode: patrol.mode,
        state: state ?? patrol.state,
        started_at: new Date(patrol.started_at).toISOString(),
        lon: here.lon,
        lat: here.lat,
        accuracy_m: here.accuracy_m,
        length_m: recorder.length_m,
        minutes: recorder.minutes,
      });
      this.told = now;
      this.trouble = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.trouble = error.message;
    }
  }
}
