// @ts-check

/** @param {number} wait milliseconds @returns {Promise<void>} */
export const pause = (wait) => new Promise((resolve) => void setTimeout(resolve, wait));
