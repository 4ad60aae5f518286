// @ts-check

const SVG = "http://www.w3.org/2000/svg";

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
  icon.setAttribute("class", "icon");
  if (label === undefined) icon.setAttribute("aria-hidden", "true");
  else {
    icon.setAttribute("role", "img");
    icon.setAttribute("aria-label", label);
  }
  return icon;
}
