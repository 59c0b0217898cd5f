/** The administrator's page: accounts, group robots, the audit; each as far as the rights go. */

import { showAccount } from "../account.js";
import { byId, el } from "../dom.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { showAccounts } from "./accounts.js";
import { showAudit } from "./audit.js";
import { showWebhooks } from "./webhooks.js";

/** @type {[key: string, text: string, right: string, show: (pane: HTMLElement) => Promise<void>][]} */
const PANES = [
  ["accounts", "账号", "accounts.manage", showAccounts],
  ["webhooks", "群机器人", "webhooks.manage", showWebhooks],
  ["audit", "审计", "audit.read", showAudit],
];

watchProgress();
try {
  const person = await requireSession();
  showAccount(byId("account"), person);
  const panes = PANES.filter(([, , right]) => person.rights.includes(right));
  if (!panes.length) await requireSession("accounts.manage");
  wire(panes);
} catch (error) {
  showTrouble(error);
}

/** @param {typeof PANES} panes */
function wire(panes) {
  const tabs = panes.map(([key, text]) =>
    el("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": "pane", onclick: () => (location.hash = key) }, text),
  );
  byId("tabs").replaceChildren(...tabs);
  const open = () => {
    const key = location.hash.slice(1);
    const at = Math.max(0, panes.findIndex(([name]) => name === key));
    tabs.forEach((tab, index) => tab.setAttribute("aria-selected", String(index === at)));
    byId("pane").setAttribute("aria-labelledby", tabs[at].id);
    byId("trouble").hidden = true;
    panes[at][3](byId("pane")).catch(showTrouble);
  };
  window.addEventListener("hashchange", open);
  open();
}
