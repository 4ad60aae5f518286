/* global document, MutationObserver, WANTED */
// @ts-nocheck - it runs in the page.
// Runs in the page before anything of the product: notes when what is on screen, and how long the main thread was held up. `wanted` is
// what the screen has to show: `{ conversations, newest: { username, text } }`.
(({ conversations, newest }) => {
  const measured = { marks: {}, progress: [], tasks: [], drifts: [] };
  globalThis.measured = measured;
  const see = (name) => document.querySelector(`[data-test=${name}]`);
  const mark = (name) => (measured.marks[name] ??= performance.now());

  function answer_lost_devices() {
    const boxes = [...document.querySelectorAll("[data-test=kept-device]")].filter(({ checked }) => !checked);
    if (boxes.length === 0) return;
    for (const box of boxes) box.click();
    see("lost-submit").click();
  }

  /** There is more of the conversation than the screen shows. */
  function is_filled() {
    const scroller = document.querySelector("[data-part=scroller]");
    return scroller && scroller.scrollHeight > scroller.clientHeight;
  }

  function look_at_main() {
    mark("main");
    const bar = see("archive-bar");
    if (!bar.hidden) note_progress(bar.querySelector("progress"));
    else if (measured.marks.restoring) mark("restored");
    const items = document.querySelectorAll("[data-test=conversation-item]");
    if (items.length < conversations) return;
    mark("list");
    // In a task of its own, as a person's click is.
    if (items[0].dataset.username === newest.username && !see("conversation")) setTimeout(() => see("conversation") ?? items[0].click());
    const shown = [...document.querySelectorAll("[data-test=message-text]")];
    const composer = see("composer-input");
    const is_newest = shown.at(-1)?.textContent === newest.text;
    if (is_newest && is_filled() && composer && !composer.disabled) mark("usable");
  }

  function note_progress({ value, max }) {
    mark("restoring");
    if (measured.progress.at(-1)?.done !== value) measured.progress.push({ at: performance.now(), done: value, total: max });
  }

  function look() {
    const { screen } = document.documentElement.dataset;
    if (screen === "lost_devices") {
      mark("profile");
      answer_lost_devices();
    } else if (screen === "main") look_at_main();
  }

  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) measured.tasks.push({ at: startTime, took: duration });
  }).observe({ type: "longtask", buffered: true });
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - last > 60) measured.drifts.push({ at: last, took: now - last - 10 });
    last = now;
  }, 10);
})(WANTED);
