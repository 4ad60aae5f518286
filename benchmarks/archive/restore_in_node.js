// @ts-check
// `node restore_in_node.js <origin> <filled as JSON>`: the same restore by the browser's modules in Node, whose IndexedDB is a stand-in in
// memory. Writes seconds and messages a second as JSON.
import { add_device, is_restored } from "../../tests/js/support/archives.js";

const [origin, filled] = process.argv.slice(2);
const { username, recovery_key, messages } = JSON.parse(filled);
const started = performance.now();
const device = await add_device(/** @type {any} */ ({ name: username }), origin, recovery_key);
while (!(await is_restored(device))) await new Promise((resolve) => void setTimeout(resolve, 100));
const seconds = (performance.now() - started) / 1000;
const { missing } = await device.ask("archive");
const processor = process.cpuUsage();
if (missing > 0) throw new Error(`${missing} are missing`);
device.close();
const cpu_seconds = (processor.user + processor.system) / 1e6;
process.stdout.write(`${JSON.stringify({ seconds, cpu_seconds, messages_per_second: messages / seconds })}\n`);
process.exit(0);
