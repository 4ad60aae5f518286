// @ts-check
// What a tab runs once there is an account, or is about to be. It is most of the code, and whoever only looks at the first page never loads it:
// open_session.js takes it from here by a dynamic import.
export { COMMANDS } from "./commands.js";
export { QUERIES } from "./queries.js";
export { start_device } from "./start_device.js";
export { upgrade_secrets } from "./vault/upgrade_secrets.js";
