// @ts-check
// A reporter for `node --test`: one line of JSON for each test, for report.py to read.

/** @param {AsyncIterable<any>} events */
export default async function* report_lines(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { name, file, skip, todo } = data;
    const left_out = skip !== undefined || todo !== undefined;
    yield `${JSON.stringify({ file, name, outcome: left_out ? "skipped" : type === "test:pass" ? "passed" : "failed" })}\n`;
  }
}
