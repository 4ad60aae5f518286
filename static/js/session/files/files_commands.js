// @ts-check
// What a person does with files, by name (docs/browser_layers.md, Commands).
import { cancel_file } from "./cancel_file.js";
import { delete_kept } from "./delete_kept.js";
import { keep_file } from "./keep_file.js";
import { read_file } from "./read_file.js";
import { send_files } from "./send_files.js";

export const FILES_COMMANDS = { send_files, read_file, cancel_file, keep_file, delete_kept };
