// @ts-check

const SVG = "http://www.w3.org/2000/svg";
/** They point where the text goes, or where it comes from. */
const POINTING = new Set(["act-reply", "act-forward"]);

/**
 * @param {string} name of a symbol in templates/ui/icons.html
 * @param {string} [label] text alternative; without it the icon is decoration
 * @returns {SVGSVGElement}
 */
export function make_icon(name, label) {
  const icon = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  icon.append(use);
  icon.setAttribute("class", POINTING.has(name) ? "icon icon-flip" : "icon");
  if (label === undefined) icon.setAttribute("aria-hidden", "true");
  else {
    icon.setAttribute("role", "img");
    icon.setAttribute("aria-label", label);
  }
  return icon;
}
