// @ts-check
// Markup comes from the shell's `<template>` elements only; texts are set as text. Nothing here parses a string.

/**
 * @param {string} name of a template in the shell
 * @returns {HTMLElement} a fresh copy of its one element
 */
export function clone(name) {
  const template = document.getElementById(`template-${name}`);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`no template ${name}`);
  const copy = document.importNode(template.content, true).firstElementChild;
  if (!(copy instanceof HTMLElement)) throw new Error(`template ${name} is empty`);
  return copy;
}

/**
 * @template {Element} T
 * @param {Element} root
 * @param {string} name of a `data-part` in it
 * @param {new () => T} type
 * @returns {T}
 */
export function find_part(root, name, type) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof type)) throw new Error(`no part ${name}`);
  return found;
}

/**
 * @param {string} tag
 * @param {string} [words]
 * @returns {HTMLElement}
 */
export function make(tag, words = "") {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}
