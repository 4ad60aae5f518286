/* global document, MutationObserver */
// @ts-nocheck - it runs in the page.
// Runs in the page before anything of the product: notes when the first page can be used.
(() => {
  const look = () => {
    if (document.documentElement.dataset.screen === "welcome" && document.querySelector("[data-test=create-account]")) globalThis.landed ??= performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
})();
