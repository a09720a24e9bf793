/* Keeps the shell of the capture page, so that it opens without network. Everything else, above
   all every page with data, is left to the network. SHELL comes from the script that loads this. */
(function () {
  "use strict";

  var shell = self.SHELL;
  var prefix = "offline-shell-";
  var name = prefix + shell.version;
  var paths = [shell.page].concat(shell.assets);

  async function fetchOne(cache, path) {
    var response = await fetch(path, { cache: "no-cache", credentials: "same-origin" });
    // Once the session has ended, the page's address answers with the sign-in page.
    if (!response.ok || response.redirected) throw new Error(path);
    await cache.put(path, response);
  }

  async function keep() {
    var cache = await caches.open(name);
    await Promise.all(paths.map(function (path) { return fetchOne(cache, path); }));
    await self.skipWaiting();
  }

  async function forgetOlder() {
    var names = await caches.keys();
    await Promise.all(names.map(function (other) {
      return other.startsWith(prefix) && other !== name ? caches.delete(other) : null;
    }));
    await self.clients.claim();
  }

  async function answer(request, path) {
    var cache = await caches.open(name);
    return (await cache.match(path)) || fetch(request);
  }

  self.addEventListener("install", function (event) { event.waitUntil(keep()); });
  self.addEventListener("activate", function (event) { event.waitUntil(forgetOlder()); });
  self.addEventListener("fetch", function (event) {
    var url = new URL(event.request.url);
    if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
    if (paths.indexOf(url.pathname) < 0) return;
    event.respondWith(answer(event.request, url.pathname));
  });
})();
