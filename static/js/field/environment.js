/** What keeps the page from working in this browser, said before anything is lost. */

import { el } from "../dom.js";

/** @returns {{title: string, text: string}|null} why the page cannot work here; null when it can */
export function obstacle() {
  const isWeChatOnApple = /MicroMessenger/i.test(navigator.userAgent) && /iPhone|iPad/i.test(navigator.userAgent);
  if (isWeChatOnApple) {
    return { title: "请用系统浏览器打开", text: "苹果手机的微信内不能离线保存巡查记录。请点右上角“…”，选择“在浏览器打开”。" };
  }
  if (!isSecureContext) {
    return {
      title: "本页需要安全连接",
      text: "当前地址不是 https，浏览器不允许定位，也不能离线保存。请用管理员提供的 https 地址打开；管理员请参阅部署说明。",
    };
  }
  const needed = ["serviceWorker" in navigator, "locks" in navigator, "indexedDB" in window, "DecompressionStream" in window];
  if (!needed.every(Boolean)) {
    return { title: "浏览器版本过旧", text: "本机浏览器缺少离线保存所需的功能。请更新系统浏览器，或改用新版 Chrome、Edge 后再打开。" };
  }
  return null;
}

/** Say it in place of the page. @param {string} title @param {string} text @param {...HTMLElement} ways */
export function stop(title, text, ...ways) {
  document.body.replaceChildren(el("main", { class: "stop", role: "alert" }, el("h1", {}, title), el("p", {}, text), ...ways));
}
