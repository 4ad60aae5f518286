// @ts-check
import { qr_modules } from "../../codec/qr.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 4;

/**
 * Draws a code as one path; always dark on white, since many readers want it so.
 * @param {Element} element
 * @param {string} text
 */
export function draw_qr(element, text) {
  const { size, dark } = qr_modules(text);
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const edge = size + 2 * MARGIN;
  svg.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${edge} ${edge}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", qr_path(size, dark));
  svg.append(path);
  element.replaceChildren(svg);
}

/**
 * @param {number} size
 * @param {(x: number, y: number) => boolean} dark
 * @returns {string} one rectangle for each run of dark modules in a row
 */
export function qr_path(size, dark) {
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const start = x;
      while (x < size && dark(x, y)) x += 1;
      if (x > start) path += `M${start} ${y}h${x - start}v1h${start - x}z`;
    }
  }
  return path;
}
