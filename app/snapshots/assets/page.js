/* The layers of a snapshot. Words from data become text nodes, never markup. Leaflet is here as L. */
"use strict";
const wuyilou = (() => {
  const INK = "#1c2b39", ACCENT = "#b8442c", PAPER = "#ffffff";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const tip = (lines) => {
    const box = document.createElement("div");
    for (const line of lines) box.appendChild(document.createElement("div")).textContent = line;
    return box;
  };
  const told = (layer, lines) => layer.bindTooltip(() => tip(lines), { sticky: true, className: "told" });
  const hatching = () => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#8b98a3";
    pen.lineWidth = 1.2;
    for (const shift of [-8, 0, 8]) {
      pen.beginPath();
      pen.moveTo(shift - 1, 9);
      pen.lineTo(shift + 9, -1);
      pen.stroke();
    }
    return pen.createPattern(tile, "repeat");
  };
  const letter = (word, fill, ink) => {
    const mark = document.createElement("div");
    mark.className = "pin";
    mark.style.background = fill;
    mark.style.color = ink;
    mark.textContent = word;
    return mark;
  };
  const layers = {}, named = [];
  /* Of names that would lie over one another the first, of the larger ground, is shown. */
  const thinOut = () => {
    const taken = [];
    for (const part of named.map((label) => label.getElement()).filter(Boolean)) {
      const box = part.getBoundingClientRect();
      const isFree = taken.every((other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
      part.style.visibility = isFree ? "" : "hidden";
      if (isFree) taken.push(box);
    }
  };
  const make = {
    areas(id) {
      const { colours, features } = read(id);
      const none = hatching();
      const weight = features.features.length > 1000 ? 0.3 : 0.8;
      const group = L.geoJSON(features, {
        style: ({ properties: { k } }) => ({ color: "#5b6b78", weight, fillColor: k < 0 ? none : colours[k], fillOpacity: 0.78 }),
        onEachFeature: ({ properties }, layer) => told(layer, properties.t),
      });
      group.faded = (is) => group.setStyle({ fillOpacity: is ? 0 : 0.78 });
      return group;
    },
    picture(id) {
      const { url, bounds, alt } = read(id);
      return L.imageOverlay(url, bounds, { opacity: 0.85, alt, className: "cells" });
    },
    borders(id) {
      const { own, below, names } = read(id);
      const group = L.featureGroup();
      const line = (shape, weight) => L.geoJSON(shape, { interactive: false, style: { color: INK, weight, fill: false } }).addTo(group);
      below.forEach((shape) => line(shape, 1.6));
      line(own, 3.2);
      for (const [lat, lon, name] of names) {
        const label = L.tooltip({ permanent: true, direction: "center", className: "name", interactive: false });
        named.push(label.setLatLng([lat, lon]).setContent(tip([name])).addTo(group));
      }
      return group;
    },
    excluded(id) {
      return L.geoJSON(read(id), { interactive: false, style: { color: "#5b8199", weight: 1, fillColor: "#c9dbe6", fillOpacity: 0.75 } });
    },
    spots(id) {
      return L.geoJSON(read(id), {
        style: { color: ACCENT, weight: 2, dashArray: "5 3", fillColor: ACCENT, fillOpacity: 0.18 },
        onEachFeature: ({ properties }, layer) => told(layer, properties.t),
      });
    },
    sites(id) {
      const { states, places } = read(id);
      const group = L.featureGroup();
      places.slice().reverse().forEach(([lat, lon, k, name]) => {
        const { word, fill, line, radius } = states[k];
        told(L.circleMarker([lat, lon], { radius, color: line, weight: 1.4, fillColor: fill, fillOpacity: 1 }), [name, `场所 · ${word}`]).addTo(group);
      });
      return group;
    },
    cases(id) {
      const { states, places } = read(id);
      const group = L.featureGroup();
      for (const [lat, lon, k, name] of places) {
        const { word, letter: sign, fill, ink } = states[k];
        const icon = L.divIcon({ html: letter(sign, fill, ink), className: "", iconSize: [24, 24] });
        told(L.marker([lat, lon], { icon, alt: name, keyboard: false }), [name, `案件 · ${word}`]).addTo(group);
      }
      return group;
    },
  };
  /* Leaflet's own way of folding opens by hovering, and a finger that opens it presses what appears below. */
  const foldable = (control) => {
    const list = control.querySelector(".leaflet-control-layers-list");
    const button = document.createElement("button");
    const show = (is) => {
      list.hidden = !is;
      button.setAttribute("aria-expanded", String(is));
    };
    button.type = "button";
    button.className = "fold";
    button.textContent = "图层";
    button.addEventListener("click", () => show(list.hidden));
    control.prepend(button);
    show(innerWidth > 760);
    return list;
  };
  return {
    layer(kind, id) {
      layers[kind] = make[kind](id);
      return layers[kind];
    },
    finish(map, bounds) {
      L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
      L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
      const order = () => {
        layers.areas?.faded(Boolean(layers.picture && map.hasLayer(layers.picture)));
        for (const kind of ["excluded", "borders", "spots", "sites"]) {
          if (layers[kind] && map.hasLayer(layers[kind])) layers[kind].bringToFront();
        }
      };
      const list = foldable(map.getContainer().querySelector(".leaflet-control-layers"));
      // What the open list of layers covers is not where the ground should be.
      const covered = list.hidden ? 0 : list.offsetWidth;
      map.fitBounds(bounds, { paddingTopLeft: [12, 12], paddingBottomRight: [covered + 24, 12], animate: false });
      map.on("overlayadd overlayremove", order);
      map.on("zoomend overlayadd", thinOut);
      order();
      thinOut();
      document.documentElement.dataset.map = "shown";
    },
  };
})();
