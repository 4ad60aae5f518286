// @ts-check

/** The icon of the tab has a dot while there is something new. @param {boolean} is_new */
export function mark_tab_icon(is_new) {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="icon"]'));
  if (!link?.dataset.marked) return;
  link.dataset.plain ??= link.href;
  const wanted = is_new ? link.dataset.marked : link.dataset.plain;
  if (link.getAttribute("href") !== wanted) link.href = wanted;
}
