// @ts-check
// The part of the fake session that is about devices, the ways back in, the archive and the lock.

import { Talk2meError } from "../../../static/js/errors.js";

/** @import { DeviceCommands, DeviceQueries } from "../../../static/js/ui/device_types.js" */
/** @import { FakeSession } from "./fake_session.js" */

export const RECOVERY_KEY = "7K3M-Q8ZP-2XRT-V5NA-9HWC-4JDE-6BYG";
const LINK_CODE = "4F7Q-0MZK-9TRB-XW2H-5CNE-81PD-JV6S";
const SHORT_CODE = "482 917";
const DAY = 86_400_000;

const pause = (ms = 400) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} typed @param {"recovery_key_invalid" | "recovery_key_wrong"} code */
function check_key(typed, code) {
  if (typed.toUpperCase().replace(/[^0-9A-Z]/g, "") !== RECOVERY_KEY.replaceAll("-", "")) throw new Talk2meError(code);
}

/** @param {FakeSession} fake @returns {DeviceQueries} */
export function make_device_queries({ scene }) {
  return {
    archive: async () => structuredClone(scene.archive),
    lock: async () => structuredClone(scene.lock),
    recovery: async () => structuredClone(scene.recovery),
    losses: async () => structuredClone(scene.losses),
  };
}

/** @param {FakeSession} fake @returns {DeviceCommands} */
export function make_device_commands(fake) {
  return { ...make_coming_back(fake), ...make_ways_back(fake), ...make_keeping(fake) };
}

/**
 * Links, recovers and starts over.
 * @param {FakeSession} fake
 */
function make_coming_back(fake) {
  const { scene } = fake;
  /** @param {string} device_name @param {boolean} recovered */
  const adopt = (device_name, recovered) => {
    scene.profile = { account: "me00", username: "maya", device: "d1", device_name, created: Date.now() - 90 * DAY, recovery_confirmed: true, role: "owner" };
    if (recovered) scene.profile.recovered = true;
    scene.cleared = false;
    fake.emit("profile");
    return scene.profile;
  };
  return {
    begin_link: async () => {
      await pause();
      const qr = `T2ML1:${"Zk3vQ1xT8nLw5RbY7uPcMg"}`;
      if (scene.link === "compare" || scene.link === "done") setTimeout(() => fake.emit("link", { side: "old", step: "compare", code: SHORT_CODE, name: "Firefox on Linux" }), 900);
      return { code: LINK_CODE, qr, expires: Date.now() + 5 * 60_000 };
    },
    /** @type {DeviceCommands["confirm_link"]} */
    confirm_link: async ({ match }) => {
      await pause(300);
      if (!match) return;
      fake.emit("link", { side: "old", step: "sending" });
      await pause(1200);
      fake.emit("link", { side: "old", step: "done", name: "Firefox on Linux" });
    },
    cancel_link: async () => pause(50),
    /** @type {DeviceCommands["link_browser"]} */
    link_browser: async ({ code, device_name }) => {
      if (/^7K3M/i.test(code)) throw new Talk2meError("link_code_invalid");
      fake.emit("link", { side: "new", step: "waiting" });
      await pause(1200);
      fake.emit("link", { side: "new", step: "compare", code: SHORT_CODE });
      await pause(scene.link === "compare" ? 60_000 : 3000);
      fake.emit("link", { side: "new", step: "joining" });
      await pause(1500);
      return adopt(device_name, false);
    },
    /** @type {DeviceCommands["recover_account"]} */
    recover_account: async ({ username, recovery_key, device_name }) => {
      await pause(1000);
      check_key(recovery_key, "recovery_key_invalid");
      if (username !== "maya") throw new Talk2meError("recovery_refused");
      return adopt(device_name, true);
    },
    /** @type {DeviceCommands["finish_recovery"]} */
    finish_recovery: async ({ lost }) => {
      await pause(900);
      for (const device of scene.devices) if (lost.includes(device.device)) device.active = false;
      delete scene.profile?.recovered;
      fake.emit("profile");
    },
    /** @type {DeviceCommands["passkey_sign_in"]} */
    passkey_sign_in: async ({ device_name }) => {
      await pause(1000);
      return adopt(device_name, true);
    },
    /** @type {DeviceCommands["reset_account"]} */
    reset_account: async ({ code, recovery_key, device_name }) => {
      await pause(1000);
      if (recovery_key !== undefined) check_key(recovery_key, "recovery_key_invalid");
      if (code === "wrong") throw new Talk2meError("reset_refused");
      return adopt(device_name, false);
    },
  };
}

/**
 * Recovery keys, passkeys and the list of devices.
 * @param {FakeSession} fake
 */
function make_ways_back(fake) {
  const { scene } = fake;
  /** @param {() => void} work */
  const change = async (work) => {
    await pause();
    work();
    fake.emit("devices");
  };
  /** @param {string} device */
  const find = (device) => {
    const found = scene.devices.find((one) => one.device === device);
    if (found === undefined) throw new Talk2meError("not_found");
    return found;
  };
  return {
    list_passkeys: async () => structuredClone(scene.passkeys),
    /** @type {DeviceCommands["add_passkey"]} */
    add_passkey: ({ name, recovery_key }) =>
      change(() => {
        if (recovery_key === undefined) throw new Talk2meError("recovery_key_needed");
        check_key(recovery_key, "recovery_key_wrong");
        scene.passkeys.push({ key: `p${scene.passkeys.length}`, name, created: Date.now(), last_used: null });
      }),
    /** @type {DeviceCommands["remove_passkey"]} */
    remove_passkey: ({ key, recovery_key = "" }) =>
      change(() => {
        check_key(recovery_key, "recovery_key_wrong");
        scene.passkeys.splice(scene.passkeys.findIndex((one) => one.key === key), 1);
      }),
    /** @type {DeviceCommands["check_recovery_key"]} */
    check_recovery_key: async ({ recovery_key }) => {
      await pause();
      const right = recovery_key.replaceAll("-", "") === RECOVERY_KEY.replaceAll("-", "");
      if (right) scene.recovery.reminder_due = false;
      return { right };
    },
    /** @type {DeviceCommands["new_recovery_key"]} */
    new_recovery_key: async ({ recovery_key = "", announce }) => {
      await pause(800);
      if (announce) {
        scene.recovery.announced = { from: Date.now() + 7 * DAY, own: true };
        fake.emit("devices");
        return { status: /** @type {const} */ ("announced"), from: scene.recovery.announced.from };
      }
      check_key(recovery_key, "recovery_key_wrong");
      if (scene.profile !== null) scene.profile.recovery_confirmed = false;
      fake.emit("profile");
      return { status: /** @type {const} */ ("made") };
    },
    object_recovery_key: () => change(() => (scene.recovery.announced = null)),
    postpone_recovery_reminder: () => change(() => (scene.recovery.reminder_due = false)),
    object_reset: () => change(() => (scene.recovery.reset_from = null)),
    devices: async () => structuredClone(scene.devices),
    /** @type {DeviceCommands["rename_device"]} */
    rename_device: ({ device, name }) => change(() => (find(device).name = name)),
    /** @type {DeviceCommands["verify_device"]} */
    verify_device: ({ device, verified }) => change(() => (find(device).verified = verified)),
    /** @type {DeviceCommands["revoke_devices"]} */
    revoke_devices: ({ devices }) => change(() => devices.forEach((device) => (find(device).active = false))),
  };
}

/**
 * The archive, the lock and storage.
 * @param {FakeSession} fake
 */
function make_keeping(fake) {
  const { scene } = fake;
  /** @param {boolean} locked */
  const turn = (locked) => {
    scene.locked = locked;
    fake.emit("locked", { locked });
  };
  return {
    /** @type {DeviceCommands["set_archive"]} */
    set_archive: async ({ on }) => {
      await pause();
      Object.assign(scene.archive, { on, state: on ? "idle" : "off" });
      fake.emit("archive");
    },
    /** @type {DeviceCommands["set_conversation_archive"]} */
    set_conversation_archive: async ({ conversation, on }) => {
      await pause();
      const found = scene.conversations.find(({ id }) => id === conversation);
      if (found !== undefined) found.archive = on;
      fake.emit("conversations");
    },
    /** @type {DeviceCommands["set_lock"]} */
    set_lock: async ({ passphrase, timeout }) => {
      await pause(900);
      Object.assign(scene.lock, { kind: passphrase === undefined ? "passkey" : "passphrase", timeout });
    },
    /** @type {DeviceCommands["remove_lock"]} */
    remove_lock: async ({ passphrase }) => {
      await pause(700);
      if (passphrase === "wrong") throw new Talk2meError("lock_wrong");
      scene.lock.kind = "none";
    },
    /** @type {DeviceCommands["set_lock_timeout"]} */
    set_lock_timeout: async ({ timeout }) => {
      scene.lock.timeout = timeout;
    },
    lock_now: async () => turn(true),
    /** @type {DeviceCommands["unlock"]} */
    unlock: async ({ passphrase }) => {
      await pause(900);
      if (passphrase === "wrong") throw new Talk2meError("lock_wrong");
      turn(false);
    },
    sign_out: async () => turn(true),
    storage_used: async () => ({ used: 84_300_000, allowed: 12_400_000_000 }),
    persist_storage: async () => {
      await pause();
      scene.lock.persisted = true;
      return { persisted: true };
    },
  };
}
