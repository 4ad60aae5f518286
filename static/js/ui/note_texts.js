// @ts-check
// Texts about the notes to oneself; part of TEXTS in texts.js.

/** @type {Record<string, string>} */
export const NOTE_TEXTS = {
  notes_title: "Notes to self",
  notes_state: "Only you, on all of your devices",
  notes_start: "What you write here is for you alone. It is there on each of your devices.",
  notes_open: "About these notes",
  notes_messages: "Your notes",
  notes_write: "Write a note",
  notes_none: "Nothing written yet",
  action_delete_note: "Delete",
  delete_note_title: "Delete this note?",
  delete_note_text: "It goes from all of your devices, as soon as each is online.",
};
