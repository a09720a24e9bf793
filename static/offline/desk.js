/* The portal's desk: who is signed in there, and handing in one form. Every answer is an object
   with a state; "away" is no network, "ended" a session that has ended. */
window.Offline = window.Offline || {};
(function () {
  "use strict";

  var PATIENCE = 20000;
  var url = document.getElementById("capture").dataset.desk;

  async function ask(options) {
    var stop = new AbortController();
    var timer = setTimeout(function () { stop.abort(); }, PATIENCE);
    try {
      var response = await fetch(url, Object.assign(
        { credentials: "same-origin", cache: "no-store", signal: stop.signal }, options
      ));
      var isData = (response.headers.get("Content-Type") || "").startsWith("application/json");
      return { response: response, data: isData ? await response.json() : null };
    } finally {
      clearTimeout(timer);
    }
  }

  // The portal leads elsewhere: to the sign-in, or to a password that has to be changed first.
  function elsewhere(response) {
    var path = new URL(response.url).pathname;
    return { state: "ended", way: path + "?next=" + encodeURIComponent(location.pathname) };
  }

  async function session() {
    try {
      var answer = await ask({});
    } catch (error) {
      return { state: "away" };
    }
    if (answer.response.redirected) return elsewhere(answer.response);
    if (answer.response.status === 403) return { state: "refused" };
    if (!answer.response.ok || !answer.data) return { state: "closed" };
    return Object.assign({ state: "open" }, answer.data);
  }

  async function handIn(who, draft) {
    var fields = Object.assign({}, draft.body.fields, {
      nonce: draft.nonce,
      captured_at: draft.body.captured_at,
      device_now: new Date().toISOString()
    });
    var sent = { account: who.account, organization: draft.body.organization, fields: fields };
    try {
      var answer = await ask({
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": who.csrf },
        body: JSON.stringify(sent)
      });
    } catch (error) {
      return { state: "away" };
    }
    if (answer.response.redirected) return elsewhere(answer.response);
    if (answer.data && answer.data.number) return { state: "done", receipt: answer.data };
    if (answer.data && answer.data.errors) return Object.assign({ state: "wrong" }, answer.data);
    return { state: "closed" };
  }

  window.Offline.desk = { session: session, handIn: handIn };
})();
