// @ts-check
// Work that takes long gives the page its turn in between, so that it keeps answering.

/** @type {(() => void)[]} */
const waiting = [];
/** @type {MessagePort | undefined} of one channel for all: each is work for the collector of garbage */
let port;

/** @returns {Promise<void>} without the 4 ms that a timer takes in a browser */
export function next_turn() {
  return new Promise((resolve) => {
    // In Node, where a channel hands over in one turn all that comes while it does so.
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    waiting.push(resolve);
    port ??= open_channel();
    port.postMessage(null);
  });
}

/** @returns {MessagePort} whatever is sent there is one turn of whoever waits longest */
function open_channel() {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}
