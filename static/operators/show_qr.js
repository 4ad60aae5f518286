// @ts-check
// Draws the address of a second factor as a QR code; without scripts the letters beside it do. The admin loads this
// module alone, and no page of the chat does.
import { qr_modules } from "../js/codec/qr.js";

const MARGIN = 4;
const SVG = "http://www.w3.org/2000/svg";

/** @param {SVGElement} place @returns {void} */
function show_qr(place) {
  const { size, dark } = qr_modules(String(place.dataset.address));
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if (dark(x, y)) path += `M${x + MARGIN} ${y + MARGIN}h1v1h-1z`;
  }
  const modules = document.createElementNS(SVG, "path");
  modules.setAttribute("d", path);
  place.setAttribute("viewBox", `0 0 ${size + 2 * MARGIN} ${size + 2 * MARGIN}`);
  place.append(modules);
}

const place = document.getElementById("qr");
if (place instanceof SVGElement) show_qr(place);
