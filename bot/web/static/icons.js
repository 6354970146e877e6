/* Drawings of one line each, 24 × 24, in the colour of the text. A situation of life without one of its own gets "other". */
(function () {
  "use strict";

  const LINES = {
    "sinh-con": "M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16M9 12.5v.01M15 12.5v.01M9.5 16a3.5 3.5 0 0 0 5 0M12 5c-.2-1.8 1-2.8 2.4-2.4",
    "ket-hon": "M9 21a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M15 21a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M10 3h4l1.2 1.8L12 8 8.8 4.8z",
    "cu-tru": "M3 11.5 12 4l9 7.5M5.5 9.8V20h13V9.8M10 20v-5.5h4V20",
    "nha-dat": "M7 3h12v18H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2M5 18.5A2 2 0 0 1 7 17h12M9 7.5h6M9 11h4",
    "xay-nha": "M3 6h18v12H3zM3 12h18M9 6v6M15 6v6M6 12v6M12 12v6M18 12v6",
    "mo-cua-hang": "M4.5 11.5V20h15v-8.5M3 9l2-5h14l2 5a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0M10 20v-5h4v5",
    "mat-giay-to": "M6 3h8l4 4v14H6zM14 3v4h4M10 12.2a2 2 0 1 1 3 1.7c-.7.4-1 .8-1 1.6M12 18v.01",
    "can-cuoc": "M4 5.5h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1M8.5 12.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5.5 16a3 3 0 0 1 6 0M14.5 10h3.5M14.5 14h3.5",
    "xe-co": "M5.5 19a3 3 0 1 0 0-6 3 3 0 0 0 0 6M18.5 19a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8.5 16h3.5l3-5.5H8.5L5.5 13M13 5.5h2.5l3 7.5",
    "om-dau-nghi-huu": "M12 20.5s-8.5-4.9-8.5-11A4.6 4.6 0 0 1 12 7a4.6 4.6 0 0 1 8.5 2.5c0 6.1-8.5 11-8.5 11M12 10v5.5M9.25 12.75h5.5",
    "co-nguoi-mat": "M9 12h6v9H9zM12 12v-2M12 3c1.6 1.6 2.2 2.6 2.2 3.7a2.2 2.2 0 0 1-4.4 0C9.8 5.6 10.4 4.6 12 3M5.5 21h13",
    "hoc-hanh": "M2 9.5 12 4.5l10 5-10 5zM6 11.5V16c0 1.7 2.7 3 6 3s6-1.3 6-3v-4.5M22 9.5V15",
    "nop-truc-tuyen": "M8 2.5h8a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5M12 14.5V7.5M9.2 10.2 12 7.5l2.8 2.7M11 18.5h2",
    other: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    call: "M6.5 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3a2 2 0 0 1-2 2A15.5 15.5 0 0 1 4.5 5.5a2 2 0 0 1 2-2",
    out: "M13.5 4.5h6v6M19.5 4.5 10.5 13.5M17.5 13.5v5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1h5",
    horn: "M4 9.5v5h3l8.5 4.5V5L7 9.5zM8 14.5l1.2 5h2.6l-1-4M18.5 9a4 4 0 0 1 0 6",
    shield: "M12 3 19.5 6v5.5c0 4.6-3 8-7.5 9.5-4.5-1.5-7.5-4.9-7.5-9.5V6zM9 12l2.2 2.2L15 10",
    person: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5a7.5 7.5 0 0 1 15 0",
  };
  const SVG = "http://www.w3.org/2000/svg";

  /** The drawing of that name, which says nothing to a screen reader. */
  function icon(name) {
    const drawing = document.createElementNS(SVG, "svg");
    const line = document.createElementNS(SVG, "path");
    for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"], ["focusable", "false"]]) {
      drawing.setAttribute(key, value);
    }
    line.setAttribute("d", LINES[name] || LINES.other);
    drawing.append(line);
    return drawing;
  }

  window.hdtthc = { icon: icon };
})();
