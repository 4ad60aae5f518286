// @ts-check
import { find_part } from "./template.js";

/** @import { Context } from "../context.js" */
/** @import { Topics } from "../session_types.js" */

/** One behaviour of one element. Whatever it listens to and whatever it adopts ends with it. */
export class Controller {
  #ending = new AbortController();
  /** @type {(() => void)[]} */
  #stops = [];
  /** @type {Controller[]} */
  #children = [];

  /**
   * @param {HTMLElement} element
   * @param {Context} context
   */
  constructor(element, context) {
    this.element = element;
    this.context = context;
  }

  // Lifecycle

  end() {
    this.#ending.abort();
    for (const stop of this.#stops.splice(0)) stop();
    for (const child of this.#children.splice(0)) child.end();
  }

  /** @returns {AbortSignal} aborted when this ends */
  get ending() {
    return this.#ending.signal;
  }

  get commands() {
    return this.context.session.commands;
  }

  get queries() {
    return this.context.session.queries;
  }

  // For those who extend it

  /**
   * @template {Element} [T=HTMLElement]
   * @param {string} name
   * @param {new () => T} [type]
   * @returns {T}
   */
  part(name, type) {
    return find_part(this.element, name, type ?? /** @type {new () => T} */ (/** @type {unknown} */ (HTMLElement)));
  }

  /**
   * @template {keyof HTMLElementEventMap} K
   * @param {EventTarget} target
   * @param {K} type
   * @param {(event: HTMLElementEventMap[K]) => void} handler
   * @param {AddEventListenerOptions} [options]
   */
  listen(target, type, handler, options = {}) {
    target.addEventListener(type, /** @type {EventListener} */ (handler), { ...options, signal: this.ending });
  }

  /**
   * @template {keyof Topics} T
   * @param {T} topic
   * @param {(event: Topics[T]) => void} listener
   */
  follow(topic, listener) {
    this.#stops.push(this.context.session.on(topic, listener));
  }

  /** @param {() => void} stop called when this ends */
  at_end(stop) {
    this.#stops.push(stop);
  }

  /**
   * @template {Controller} C
   * @param {C} child ends with this one
   * @returns {C}
   */
  adopt(child) {
    this.#children.push(child);
    return child;
  }

  /** @param {Controller | undefined} child ends now */
  release(child) {
    if (child === undefined) return;
    this.#children = this.#children.filter((other) => other !== child);
    child.end();
  }
}
