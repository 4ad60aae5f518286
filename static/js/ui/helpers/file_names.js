// @ts-check
// Names of files are whatever somebody wrote: they are shown so that their end can't be hidden, and saved so that they stay in
// the folder for downloads.

const LONGEST = 120;
// Marks that turn the direction of what follows, and control characters: with them "gpj.exe" is shown as "exe.jpg".
const HIDING = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const PROGRAMS =
  "apk app appimage bat bin cmd com cpl deb desktop dll dmg exe hta iso jar js jse lnk mjs msi msix ps1 pkg py reg rpm run scr sh vb vbe vbs workflow wsf";
const PAGES = "htm html mht mhtml shtml svg svgz xht xhtml xml xsl";
const RISKS = new Map([
  ...PROGRAMS.split(" ").map((ending) => /** @type {const} */ ([ending, "program"])),
  ...PAGES.split(" ").map((ending) => /** @type {const} */ ([ending, "page"])),
]);
/** @type {[string, string][]} */
const ICONS = [
  ["image", "avif bmp gif heic heif ico jpeg jpg png tif tiff webp"],
  ["sound", "aac flac m4a mp3 oga ogg opus wav weba"],
  ["film", "avi m4v mkv mov mp4 mpeg mpg ogv webm"],
  ["package", "7z bz2 gz rar tar tgz xz zip zst"],
];

/**
 * @param {string} name
 * @returns {{ stem: string, ending: string }} `ending`: with its dot, always to be shown whole; empty where there is none
 */
export function name_parts(name) {
  const shown = name.replace(HIDING, "\ufffd").trim();
  const [, stem = shown, ending = ""] = /^(.+?)(\.[^.\s]{1,12})$/su.exec(shown) ?? [];
  return { stem, ending };
}

/** @param {string} name @returns {"program" | "page" | null} what it does where it is opened */
export function name_risk(name) {
  return RISKS.get(ending_of(name)) ?? null;
}

/** @param {string} name @returns {string} of an icon */
export function name_icon(name) {
  return ICONS.find(([, endings]) => endings.split(" ").includes(ending_of(name)))?.[0] ?? "file";
}

/** @param {string} name @returns {string} under which it is saved */
export function saved_name(name) {
  const { stem, ending } = name_parts(name.replace(/[/\\:*?"<>|]/g, "_"));
  const short = [...stem].slice(0, LONGEST).join("").replace(/^[.\s]+/, "");
  return `${short || "file"}${ending}`;
}

/** @param {string} name @param {string} ending with its dot @returns {string} the same with another ending */
export function with_ending(name, ending) {
  return `${name_parts(name).stem}${ending}`;
}

/** @param {string} name */
function ending_of(name) {
  return name_parts(name).ending.slice(1).toLowerCase();
}
