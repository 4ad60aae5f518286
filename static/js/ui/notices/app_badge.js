// @ts-check

/**
 * The number on the icon of an installed page. Where there is none, nothing happens.
 * @param {any} navigator
 * @param {number} count
 */
export function show_app_badge(navigator, count) {
  const shown = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  // A page that is not installed may be refused.
  shown?.catch(() => undefined);
}
