/** Tabs by the WAI-ARIA pattern: arrows move, the panel follows. */

/** @param {HTMLElement} list element with role=tablist */
export function wireTabs(list) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]')]);
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => selectTab(tab.id));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      selectTab(next.id);
      next.focus();
    });
  });
}

/** @param {string} id */
export function selectTab(id) {
  for (const tab of document.querySelectorAll('[role="tab"]')) {
    const chosen = tab.id === id;
    tab.setAttribute("aria-selected", String(chosen));
    tab.setAttribute("tabindex", chosen ? "0" : "-1");
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    panel?.toggleAttribute("data-hidden", !chosen);
  }
}
