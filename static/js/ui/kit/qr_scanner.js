// @ts-check
// Reads codes by the camera where the browser can (BarcodeDetector); nothing leaves the device.

const EVERY_MS = 200;

/** @typedef {{ detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]> }} Detector */

/** @returns {Promise<boolean>} */
export async function can_scan() {
  const maker = Reflect.get(globalThis, "BarcodeDetector");
  if (maker === undefined || navigator.mediaDevices === undefined) return false;
  return (await maker.getSupportedFormats()).includes("qr_code");
}

/**
 * Shows the camera's picture and waits for a code.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal stops it
 * @returns {Promise<string | null>} the code's text; null when stopped
 * @throws {DOMException} when the camera is missing or not allowed
 */
export async function scan_code(video, signal) {
  const Maker = Reflect.get(globalThis, "BarcodeDetector");
  const detector = /** @type {Detector} */ (new Maker({ formats: ["qr_code"] }));
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const [found] = await detector.detect(video);
      if (found !== undefined) return found.rawValue;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
