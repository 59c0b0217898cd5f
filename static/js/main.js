/** The map page: the vector map where the browser can draw it, else the figures with a way to the simple page. */

import { App } from "./app.js";
import { byId, el } from "./dom.js";
import { hasWebGL2 } from "./webgl.js";

function offerSimple() {
  const link = el("a", { class: "button", id: "to-simple" }, "打开简版地图");
  const follow = () => (link.href = `/simple${location.search}`);
  link.addEventListener("pointerdown", follow);
  link.addEventListener("focus", follow);
  follow();
  byId("layers").hidden = true;
  byId("notice").replaceChildren(
    el("h2", {}, "本机浏览器画不了这张地图"),
    el("p", {}, "浏览器没有 WebGL2（多见于没有显卡的办公电脑或远程桌面）。数据和清单照常可用，也可以使用简版地图。"),
    link,
  );
  byId("notice").hidden = false;
}

const app = new App();
if (hasWebGL2()) {
  const { VectorMap } = await import("./map/view.js");
  const isToPlay = new URLSearchParams(location.search).has("play");
  await app.start((page) => new VectorMap(byId("map"), page));
  if (isToPlay && app.map instanceof VectorMap) await app.map.play(!matchMedia("(prefers-reduced-motion: reduce)").matches);
} else {
  offerSimple();
  await app.start(() => null);
}
