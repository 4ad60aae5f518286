// @ts-check
// What the interface sees of files (docs/files.md).

/**
 * @typedef {object} MessageFile
 * @property {string} id
 * @property {string} digest of what lies on the server: files that share an id may still be others
 * @property {string} name as whoever sent it says
 * @property {string} media as whoever sent it says: shown at most, never believed
 * @property {"file" | "image" | "voice"} kind
 * @property {number} size
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [duration] ms
 * @property {Uint8Array} [thumbnail]
 * @property {number} [expires] when the server forgets it
 * @property {"uploading" | "there" | "kept" | "expired"} state
 */

/** @typedef {{ id: string, state: "uploading" | "downloading" | "paused" | "done" | "failed", done: number, total: number, error?: string }} FileProgress */
/** @typedef {{ conversation: string, id: string, index: number }} FilePlace `id`: of the message */
/**
 * @typedef {{ blob: Blob, name: string, media: string, kind: MessageFile["kind"], width?: number, height?: number, duration?: number,
 *   thumbnail?: Uint8Array<ArrayBuffer> }} GivenFile
 */

/**
 * @typedef {object} FileCommands
 * @property {(input: { conversation: string, files: GivenFile[], text?: string, reply?: string, mentions?: string[] }) => Promise<{ id: string }>} send_files
 * @property {(input: FilePlace) => Promise<{ blob: Blob, name: string }>} read_file
 * @property {(input: { id: string }) => Promise<unknown>} cancel_file
 * @property {(input: FilePlace & { keep: boolean }) => Promise<unknown>} keep_file
 */

export {};
