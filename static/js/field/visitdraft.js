/** Visits begun and not yet handed over: kept on the phone with their photos, so that nothing is filled in twice. */

/** @typedef {import("./types.js").Photo} Photo */
/** @typedef {import("./types.js").VisitDraft} VisitDraft */

const DRAFTS = "visit-drafts";
const photosOf = (/** @type {string} */ site_id) => `visit-photos:${site_id}`;

/** @param {string} site_id @returns {VisitDraft} */
function empty(site_id) {
  return { id: crypto.randomUUID(), site_id, entered: "", why: "", seen: {}, checklist: {}, tenants: [], note: "", result: "" };
}

export class VisitDrafts {
  /** @param {import("./store.js").Store} store @param {(error: unknown) => void} failed */
  constructor(store, failed) {
    this.store = store;
    this.failed = failed;
    /** @type {Record<string, VisitDraft>} by site */
    this.drafts = {};
  }

  async open() {
    this.drafts = (await this.store.kept(DRAFTS)) ?? {};
  }

  /** Whether a visit to this site was begun. @param {string} site_id */
  has(site_id) {
    return site_id in this.drafts;
  }

  /** What was filled in so far. @param {string} site_id */
  of(site_id) {
    return this.drafts[site_id] ?? empty(site_id);
  }

  /** @param {VisitDraft} draft */
  keep(draft) {
    this.drafts[draft.site_id] = draft;
    this.store.keep(DRAFTS, this.drafts).catch(this.failed);
  }

  /** @param {string} site_id @returns {Promise<Photo[]>} */
  async photos(site_id) {
    return (await this.store.kept(photosOf(site_id))) ?? [];
  }

  /** @param {string} site_id @param {Photo[]} photos */
  keepPhotos(site_id, photos) {
    this.store.keep(photosOf(site_id), photos).catch(this.failed);
  }

  /** Give a draft up. @param {string} site_id */
  async drop(site_id) {
    delete this.drafts[site_id];
    await this.store.enqueue([], this.#forgetting(site_id));
  }

  /** Hand a visit over: it is in the outbox and no draft any more, both or neither. @param {string} site_id @param {import("./types.js").OutboxItem[]} items */
  async hand(site_id, items) {
    delete this.drafts[site_id];
    await this.store.enqueue(items, this.#forgetting(site_id));
  }

  /** @param {string} site_id @returns {[string, unknown][]} */
  #forgetting(site_id) {
    return [[DRAFTS, this.drafts], [photosOf(site_id), undefined]];
  }
}
