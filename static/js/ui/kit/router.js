// @ts-check
import { read_route, write_route } from "../helpers/routes.js";

/** @import { Route } from "../helpers/routes.js" */

/** Where the person is, kept in the part of the address behind `#`, so that back, forward and reload do what they should. */
export class Router {
  /** @type {Set<(route: Route, before: Route) => void>} */
  #listeners = new Set();
  #route = read_route(location.hash);
  /** @type {Route[]} the ones under this one, as far as this page's life goes */
  #below = [];

  constructor() {
    addEventListener("hashchange", () => this.#arrive(read_route(location.hash)));
  }

  /** @returns {Route} */
  get route() {
    return this.#route;
  }

  /**
   * @param {(route: Route, before: Route) => void} listener
   * @returns {() => void} stops it
   */
  on_change(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param {Route} route */
  go(route) {
    if (write_route(route) === write_route(this.#route)) return;
    history.pushState(null, "", write_route(route));
    this.#arrive(route);
  }

  /** @param {Route} route takes the present one's place: the way back does not lead through it */
  replace(route) {
    history.replaceState(null, "", write_route(route));
    this.#arrive(route, true);
  }

  /** @param {Route} route goes back to it where it is what we came from, so that the history does not grow */
  back_to(route) {
    const under = this.#below.at(-1);
    if (under !== undefined && write_route(under) === write_route(route)) history.back();
    else this.replace(route);
  }

  /**
   * @param {Route} route
   * @param {boolean} [replaced]
   */
  #arrive(route, replaced = false) {
    const before = this.#route;
    const under = this.#below.at(-1);
    if (under !== undefined && write_route(under) === write_route(route)) this.#below.pop();
    else if (!replaced && write_route(before) !== write_route(route)) this.#below.push(before);
    this.#route = route;
    for (const listener of this.#listeners) listener(route, before);
  }
}
