// @ts-check
// When a person is asked about the recovery key (docs/devices.md 2).
const DAY = 86_400_000;

// Days after it was made, while nobody has shown to have it; after it was last shown. Then again and again after the last step.
const UNCONFIRMED = { days: [1, 3, 7, 14], then: 30 };
const CONFIRMED = { days: [30, 90], then: 180 };

/**
 * @param {{ confirmed: boolean, since: number, put_off: number, now: number }} state unix ms; `since`: when it was made, or last shown;
 *   `put_off`: when the person last said "later", 0 for never
 * @returns {boolean} whether a day to ask has come that the person has not put off
 */
export function is_reminder_due({ confirmed, since, put_off, now }) {
  const { days, then } = confirmed ? CONFIRMED : UNCONFIRMED;
  const passed = (now - since) / DAY;
  const last = days[days.length - 1];
  const reached = passed >= last ? last + Math.floor((passed - last) / then) * then : days.filter((day) => day <= passed).pop();
  return reached !== undefined && put_off < since + reached * DAY;
}
