// @ts-check
// Commands that need the authenticator begin in the tab where the person has clicked, whichever tab carries them out. What a PRF gives goes
// to the owner's tab and no further.
import { sha256 } from "../../crypto/hash.js";
import { Talk2meError } from "../../errors.js";
import { label } from "../../protocol/labels.js";
import { make_passkey, use_passkey } from "../../transport/authenticator.js";

/** @import { Api } from "../../transport/api.js" */
/** @import { Credentials } from "../../transport/authenticator.js" */
/** @typedef {{ api: Api, credentials?: Credentials, run: (name: string, args: any) => Promise<any> }} Tab `run`: a command by the owner */

const prf_salt = () => sha256(label("passkey prf"));

/** @param {Tab} tab */
async function ask({ api, credentials }) {
  const { credential, prf } = await use_passkey({ options: await api.passkey_challenge(), prf_salt: await prf_salt(), credentials });
  if (!prf) throw new Talk2meError("passkey_no_prf");
  return { credential, prf };
}

/** @param {string} name @returns {(args: any, tab: Tab) => Promise<any>} `passkey: true` shows one instead of the recovery key */
const with_passkey = (name) => async ({ passkey, ...args }, tab) => {
  const { prf } = passkey === true ? await ask(tab) : { prf: undefined };
  return tab.run(name, { ...args, ...(prf ? { prf } : {}) });
};

/** @type {Record<string, (args: any, tab: Tab) => Promise<any>>} */
export const AUTHENTICATED = {
  passkey_sign_in: async (args, tab) => tab.run("passkey_sign_in", { ...args, ...(await ask(tab)) }),
  add_passkey: async (args, tab) => {
    const options = await tab.run("passkey_options", args);
    const made = await make_passkey({ options, prf_salt: await prf_salt(), credentials: tab.credentials });
    if (!made.prf) throw new Talk2meError("passkey_no_prf");
    return tab.run("add_passkey", { ...args, ...made });
  },
  remove_passkey: with_passkey("remove_passkey"),
  new_recovery_key: with_passkey("new_recovery_key"),
};
