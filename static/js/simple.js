/** The simple page: the same figures and lists beside a map that needs no WebGL. */

import { App } from "./app.js";
import { byId } from "./dom.js";
import { SimpleMap } from "./map/simple.js";

const app = new App();
await app.start((page) => new SimpleMap(byId("map"), page));
