// @ts-check
// How long to wait before coming back. Everyone's waits differ, so that a server that was away is not run over.

const LEAST = 500;
const MOST = 30_000;

/**
 * @param {number} attempt 0 for the first
 * @param {number} dice from 0 to below 1
 * @returns {number} milliseconds, from half of a doubling step to the whole of it
 */
export function backoff_delay(attempt, dice) {
  const step = Math.min(MOST, LEAST * 2 ** Math.min(attempt, 16));
  return Math.round(step / 2 + (step / 2) * dice);
}

/**
 * @param {(length: number) => Uint8Array} random
 * @returns {number} from 0 to below 1
 */
export function throw_dice(random) {
  const [high, low] = random(2);
  return (high * 256 + low) / 65_536;
}
