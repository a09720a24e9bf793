/* What waits on this device, sealed with AES-GCM. The key of an account is made of two parts: a
   secret of the device, which no script can read out, and the account's seal, which only the
   portal knows. The key stays here while the account does; "offline-keys" goes when it leaves
   (see portal.js), and what it sealed stays closed until the same account signs in again. */
window.Offline = window.Offline || {};
(function () {
  "use strict";

  var DRAFTS = { name: "offline-drafts", stores: { records: "nonce", device: null } };
  var KEYS = { name: "offline-keys", stores: { keys: null, who: null } };
  var HOLDER = "offline-account"; // read by every page of the portal
  var subtle = window.isSecureContext && window.crypto && window.crypto.subtle;
  var channel = "BroadcastChannel" in window ? new BroadcastChannel("offline-drafts") : null;

  function settled(request) {
    return new Promise(function (resolve, reject) {
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = function () { reject(request.error); };
    });
  }

  function open(database) {
    var request = indexedDB.open(database.name, 1);
    request.onupgradeneeded = function () {
      Object.keys(database.stores).forEach(function (store) {
        var path = database.stores[store];
        request.result.createObjectStore(store, path ? { keyPath: path } : undefined);
      });
    };
    return settled(request);
  }

  // Opened for one act and closed again: an open connection would hold up the deletion.
  async function act(database, store, mode, work) {
    var db = await open(database);
    try {
      var transaction = db.transaction(store, mode);
      var done = new Promise(function (resolve, reject) {
        transaction.oncomplete = resolve;
        transaction.onabort = function () { reject(transaction.error); };
      });
      var result = await settled(work(transaction.objectStore(store)));
      await done;
      return result;
    } finally {
      db.close();
    }
  }

  function get(database, store, key) {
    return act(database, store, "readonly", function (rows) { return rows.get(key); });
  }

  function bytes(text) { return new TextEncoder().encode(text); }

  function random(length) { return crypto.getRandomValues(new Uint8Array(length)); }

  async function deviceSecret() {
    var secret = await get(DRAFTS, "device", "secret");
    if (secret) return secret;
    var made = await subtle.importKey("raw", random(32), "HKDF", false, ["deriveKey"]);
    try {
      await act(DRAFTS, "device", "readwrite", function (rows) { return rows.add(made, "secret"); });
    } catch (error) {
      // Another window was faster; its secret counts.
    }
    return get(DRAFTS, "device", "secret");
  }

  async function derive(account, seal) {
    var salt = Uint8Array.from(atob(seal), function (letter) { return letter.charCodeAt(0); });
    var how = { name: "HKDF", hash: "SHA-256", salt: salt, info: bytes("offline-drafts:" + account) };
    var kind = { name: "AES-GCM", length: 256 };
    return subtle.deriveKey(how, await deviceSecret(), kind, false, ["encrypt", "decrypt"]);
  }

  /* Whether this browser can keep anything sealed: try it, do not guess. */
  async function works() {
    if (!subtle || !window.indexedDB) return false;
    try {
      return Boolean(await deviceSecret());
    } catch (error) {
      return false;
    }
  }

  /* The account that is signed in takes the device over; keys of others are forgotten. */
  async function enter(who) {
    var held = await get(KEYS, "keys", who.account);
    var key = held || (await derive(who.account, who.seal));
    var kept = { account: who.account, name: who.name, organization: who.organization };
    kept.choices = who.choices;
    await act(KEYS, "keys", "readwrite", function (rows) {
      rows.clear();
      return rows.put(key, who.account);
    });
    await act(KEYS, "who", "readwrite", function (rows) { return rows.put(kept, "current"); });
    localStorage.setItem(HOLDER, who.account);
  }

  /* Nobody who may register is signed in: what is here stays closed until somebody is again. */
  function leave() {
    localStorage.removeItem(HOLDER);
    return settled(indexedDB.deleteDatabase(KEYS.name));
  }

  function holder() { return get(KEYS, "who", "current"); }

  function bound(who, nonce) { return bytes(who.account + ":" + nonce); }

  async function put(who, kind, nonce, body) {
    var key = await get(KEYS, "keys", who.account);
    if (!key) throw new Error("the account has left this device");
    var iv = random(12);
    var how = { name: "AES-GCM", iv: iv, additionalData: bound(who, nonce) };
    var text = bytes(JSON.stringify({ kind: kind, body: body }));
    var record = { nonce: nonce, account: who.account, iv: iv, at: Date.now() };
    record.sealed = await subtle.encrypt(how, key, text);
    await act(DRAFTS, "records", "readwrite", function (rows) { return rows.put(record); });
    if (channel) channel.postMessage("changed");
  }

  async function unseal(who, key, record) {
    try {
      var how = { name: "AES-GCM", iv: record.iv, additionalData: bound(who, record.nonce) };
      var text = new TextDecoder().decode(await subtle.decrypt(how, key, record.sealed));
      return Object.assign({ nonce: record.nonce }, JSON.parse(text));
    } catch (error) {
      return { nonce: record.nonce, kind: "closed" };
    }
  }

  /* What the account has here, oldest first, and how much others have that it cannot read. */
  async function list(who) {
    var rows = await act(DRAFTS, "records", "readonly", function (rows) { return rows.getAll(); });
    var key = who && (await get(KEYS, "keys", who.account));
    var own = rows.filter(function (row) { return key && row.account === who.account; });
    own.sort(function (one, other) { return one.at - other.at; });
    var opened = await Promise.all(own.map(function (row) { return unseal(who, key, row); }));
    return { own: opened, others: rows.length - own.length };
  }

  async function find(who, nonce) {
    var found = (await list(who)).own;
    return found.find(function (row) { return row.nonce === nonce; });
  }

  async function remove(nonce) {
    await act(DRAFTS, "records", "readwrite", function (rows) { return rows.delete(nonce); });
    if (channel) channel.postMessage("changed");
  }

  function onChange(action) { if (channel) channel.onmessage = action; }

  /* One window at a time; the portal's own check makes good what a browser without locks lets by. */
  function alone(action) {
    return navigator.locks ? navigator.locks.request("offline-hand-in", action) : action();
  }

  function newNonce() {
    var raw = random(16);
    raw[6] = (raw[6] & 15) | 64;
    raw[8] = (raw[8] & 63) | 128;
    var hex = Array.from(raw, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  window.Offline.vault = {
    works: works, enter: enter, leave: leave, holder: holder, put: put, list: list, find: find, remove: remove,
    onChange: onChange, alone: alone, newNonce: newNonce
  };
})();
