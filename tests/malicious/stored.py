"""What a browser keeps, byte for byte, to be compared before and after something that is to leave nothing."""

from playwright.sync_api import Page

READ_ALL = """
async (name) => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const bytes_of = (value) => {
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) return [...new Uint8Array(value)].join(",");
    if (value instanceof CryptoKey) return "a key";
    if (value === null || typeof value !== "object") return String(value);
    return Object.entries(value).map(([field, inner]) => `${field}: ${bytes_of(inner)}`).join("; ");
  };
  const database = await done(indexedDB.open(name));
  const found = {};
  for (const store of database.objectStoreNames) {
    const records = database.transaction(store).objectStore(store);
    const [ids, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
    ids.forEach((id, at) => (found[`${store}/${id}`] = bytes_of(values[at])));
  }
  database.close();
  return found;
}
"""
# What makes a browser a device of somebody, or is somebody's.
OF_ACCOUNT = ("contacts/", "conversations/", "messages/", "groups/", "cursors/", "outbox/", "transcripts/")
OF_NOBODY = ("meta/joining", "meta/key_log")


def stored_in(page: Page) -> dict[str, str]:
    """Every record by store and id, as it lies there."""
    return page.evaluate(READ_ALL, "talk2me")


def traces_of_account(page: Page) -> list[str]:
    """Names of records that a browser without an account does not have."""
    names = [name for name in stored_in(page) if name.startswith((*OF_ACCOUNT, "meta/"))]
    return [name for name in names if name not in OF_NOBODY]


def stored_of(page: Page, *stores: str) -> dict[str, str]:
    """The records of these stores alone."""
    return {name: value for name, value in stored_in(page).items() if name.startswith(stores)}
