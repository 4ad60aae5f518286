// @ts-check

const LINK = /https?:\/\/[^\s<>"']+/g;
const TAIL = /[.,;:!?)\]}'"»”]+$/;

/**
 * @param {string} text of a message
 * @returns {{ text: string, link: boolean }[]} the same text in parts; addresses apart, without the full stop behind them
 */
export function text_parts(text) {
  /** @type {{ text: string, link: boolean }[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = match[0].replace(TAIL, "");
    if (!URL.canParse(link)) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), link: false });
    parts.push({ text: link, link: true });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), link: false });
  return parts;
}
