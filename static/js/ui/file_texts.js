// @ts-check
// Texts about files; part of TEXTS in texts.js.

/** @type {Record<string, string>} */
export const FILE_TEXTS = {
  // in a message
  file_download: "Download {name}",
  file_stop: "Stop {name}",
  file_part: "{done} of {total}",
  file_waits: "Waits for the connection",
  file_sending: "Being sent",
  file_not_sent: "Not sent",
  file_percent: "{percent} %",
  file_expired_words: "No longer on the server",
  file_kept: "Kept",
  file_keep: "Keep",
  file_keep_not: "Don’t keep",
  file_until: "until {date}",
  file_program: "This is a program. Open it only if you know what it is.",
  file_page: "This can run as a page. Open it only if you know what it is.",
  image_show: "Show the picture {name}",
  image_load: "Load the picture {name}",
  image_none: "{name} is not a picture that can be shown here.",
  voice_play: "Play the voice message",
  voice_pause: "Pause the voice message",
  voice_none: "This can’t be played here.",
  viewer_of: "{number} of {total}",

  // before it is sent
  attach_remove: "Leave out {name}",
  attach_most_one: "A message holds at most {count} file.",
  attach_most_other: "A message holds at most {count} files.",
  attach_too_large: "{name} is larger than this server takes ({limit}).",
  attach_working: "Preparing",
  record_denied: "The microphone can’t be used. Allow it for this page.",
  record_name: "voice message",
};
