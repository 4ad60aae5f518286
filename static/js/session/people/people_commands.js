// @ts-check
import { block, unblock } from "./block.js";
import { mute } from "./mute.js";
import { report_message } from "./report_message.js";

export const PEOPLE_COMMANDS = { block, unblock, mute, report_message };
