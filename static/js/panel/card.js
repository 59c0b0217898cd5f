/** The card over the map: a chosen blind spot, or who last looked at a place. */

import { getJson, Latest } from "../api.js";
import { el } from "../dom.js";
import { lookedCard } from "./looked.js";
import { samePlace, spotCard } from "./spots.js";
import { spotAt } from "../load.js";

/** @typedef {import("../types.js").State} State */

export class Card {
  /**
   * @param {HTMLElement} place
   * @param {import("../app.js").App} app
   */
  constructor(place, app) {
    this.place = place;
    this.app = app;
    this.latest = new Latest();
    this.isTold = false;
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.place.hidden) this.#close();
    });
  }

  /** Show what the state chose, or hide. @param {State} state */
  async show(state) {
    const signal = this.latest.start();
    if (state.spot || state.point) this.isTold = false;
    if (state.spot) {
      const walkTo = state.spot;
      const listed = this.app.spots?.features.find((spot) => samePlace(spot.properties.walk_to, walkTo));
      const spot = listed ?? (await spotAt(state, walkTo, signal));
      this.#draw(spotCard(spot, this.app.spots?.on ?? this.app.status?.today ?? ""));
    } else if (state.point) {
      const [lon, lat] = state.point;
      const answer = await getJson("/api/looked-at", { lon: lon.toFixed(6), lat: lat.toFixed(6) }, signal);
      const mayJudge = this.app.person?.rights.includes("review.decide") ?? false;
      this.#draw(lookedCard(answer, this.app.status?.today ?? "", (step) => this.app.go(step), mayJudge));
    } else if (!this.isTold) {
      this.place.hidden = true;
    }
  }

  /** Show what was tapped on the map and the address bar does not hold. @param {Node[]} content */
  tell(content) {
    this.app.store.set({ spot: null, point: null });
    this.isTold = true;
    this.#draw(content);
  }

  /** @param {Node[]} content */
  #draw(content) {
    const close = el("button", { type: "button", class: "close", "aria-label": "关闭", onclick: () => this.#close() }, "×");
    this.place.replaceChildren(close, ...content);
    this.place.hidden = false;
  }

  #close() {
    this.isTold = false;
    this.place.hidden = true;
    this.app.store.set({ spot: null, point: null });
  }
}
