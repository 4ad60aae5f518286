// @ts-check
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { name_icon, name_parts, name_risk, saved_name, with_ending } from "../../../static/js/ui/helpers/file_names.js";
import { format_duration } from "../../../static/js/ui/helpers/format_duration.js";
import { first_bytes, image_type, sound_type } from "../../../static/js/ui/helpers/image_type.js";

const bytes = (/** @type {string} */ text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("what a file is shown as", () => {
  it("is what its first bytes say", () => {
    assert.equal(image_type(bytes("\x89PNG\r\n\x1a\n...")), "image/png");
    assert.equal(image_type(bytes("\xff\xd8\xff\xe0..")), "image/jpeg");
    assert.equal(image_type(bytes("GIF89a")), "image/gif");
    assert.equal(image_type(bytes("RIFF\x10\x00\x00\x00WEBPVP8 ")), "image/webp");
    assert.equal(image_type(bytes("\x00\x00\x00\x20ftypavif")), "image/avif");
    assert.equal(sound_type(bytes("\x1a\x45\xdf\xa3.")), "audio/webm");
    assert.equal(sound_type(bytes("OggS\x00")), "audio/ogg");
    assert.equal(sound_type(bytes("\x00\x00\x00\x20ftypM4A ")), "audio/mp4");
  });

  it("is no picture when it could run, or is cut, or only almost one", () => {
    for (const text of ["<svg xmlns='http://www.w3.org/2000/svg'>", "<!doctype html>", "<?xml version='1.0'?>", "%PDF-1.7", "MZ\x90", "", "\x89PNG", "RIFF....WAVE", "GIF88a", "....ftypheic", " \x89PNG\r\n\x1a\n"]) {
      assert.equal(image_type(bytes(text)), null, text);
    }
    assert.equal(sound_type(bytes("<script>")), null);
  });

  it("is looked for in a few bytes, however large it is", async () => {
    assert.equal((await first_bytes(new Blob([new Uint8Array(1_000_000)]))).length, 32);
  });
});

describe("the name of a file", () => {
  it("shows its true end, whatever stands before it", () => {
    assert.deepEqual(name_parts("holiday.jpg"), { stem: "holiday", ending: ".jpg" });
    assert.deepEqual(name_parts("invoice.pdf.exe"), { stem: "invoice.pdf", ending: ".exe" });
    assert.deepEqual(name_parts(`${"a".repeat(300)}.tar.gz`).ending, ".gz");
    assert.deepEqual(name_parts("README"), { stem: "README", ending: "" });
    assert.deepEqual(name_parts(".profile"), { stem: ".profile", ending: "" });
    assert.deepEqual(name_parts("The end. A story"), { stem: "The end. A story", ending: "" });
  });

  it("can't be turned around by marks that nobody sees", () => {
    for (const mark of ["\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\u0000", "\n"]) {
      const { stem, ending } = name_parts(`photo${mark}gpj.exe`);
      assert.equal(stem, "photo\ufffdgpj");
      assert.equal(ending, ".exe");
      assert.ok(!saved_name(`photo${mark}gpj.exe`).includes(mark));
    }
    assert.equal(name_parts("invoice.pdf        .exe").ending, ".exe");
    assert.equal(name_parts("scan.exe\u200b").ending, ".exe\ufffd");
  });

  it("warns of what would run", () => {
    for (const name of ["a.exe", "a.EXE", "a.pdf.scr", "a.js", "a.lnk", "a.sh", "a.apk", "a.dmg"]) assert.equal(name_risk(name), "program", name);
    for (const name of ["a.svg", "a.html", "photo.jpg.htm"]) assert.equal(name_risk(name), "page", name);
    for (const name of ["a.pdf", "a.jpg", "exe", "a.exe.txt", "a.docx"]) assert.equal(name_risk(name), null, name);
  });

  it("is saved in the folder for downloads, and nowhere else", () => {
    assert.equal(saved_name("../../etc/passwd"), "_.._etc_passwd");
    assert.equal(saved_name("C:\\windows\\a.txt"), "C__windows_a.txt");
    assert.equal(saved_name("..."), "file");
    assert.equal(saved_name(""), "file");
    assert.equal(saved_name(`${"x".repeat(400)}.pdf`).length, 124);
    assert.ok(!/[/\\:*?"<>|]/.test(saved_name('a/b\\c:d*e?f"g<h>i|j.txt')));
  });

  it("gets the ending of what the file has become", () => {
    assert.equal(with_ending("IMG_1234.HEIC", ".jpg"), "IMG_1234.jpg");
    assert.equal(with_ending("pasted", ".webp"), "pasted.webp");
  });

  it("chooses an icon that there is", () => {
    const icons = new Set([...readFileSync("templates/ui/icons.html", "utf8").matchAll(/id="icon-([a-z-]+)"/g)].map((match) => match[1]));
    for (const [name, icon] of [["a.png", "image"], ["a.mp3", "sound"], ["a.mov", "film"], ["a.zip", "package"], ["a.xyz", "file"], ["a", "file"]]) {
      assert.equal(name_icon(name), icon);
      assert.ok(icons.has(icon), icon);
    }
  });
});

describe("what the interface does with files", () => {
  const code = readdirSync("static/js/ui/files").map((name) => readFileSync(`static/js/ui/files/${name}`, "utf8")).join("\n");

  it("never opens one as a page, and saves each as mere bytes", () => {
    assert.doesNotMatch(code, /window\.open|location\.|iframe|<object|<embed|\.href = URL/);
    for (const [, type] of code.matchAll(/save_file\(new Blob\(\[blob\], \{ type: "([^"]+)"/g)) assert.equal(type, "application/octet-stream");
  });

  it("says how long something spoken is", () => {
    assert.deepEqual([0, 7_400, 59_600, 754_000].map(format_duration), ["0:00", "0:07", "1:00", "12:34"]);
  });
});
