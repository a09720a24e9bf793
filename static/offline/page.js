/* The capture page: keep a form on the device, show what waits, hand it in when there is network. */
(function () {
  "use strict";

  var vault = window.Offline.vault;
  var desk = window.Offline.desk;
  var sheet = window.Offline.form;
  var rows = window.Offline.rows;
  var RETRY = 60000;

  var root = document.getElementById("capture");
  var says = document.getElementById("says");
  var seals = false; // whether this browser can keep anything
  var who = null; // whose device it is now
  var editing = null; // the draft in the form
  var keeping = false;
  var running = null;
  var again = false;
  var unsent = null; // without a vault: the nonce of the form, until it is handed in
  var last = "";
  var count = 0; // of drafts that wait
  var wrong = {}; // nonce → what the portal said of it

  var WORDS = {
    away: "现在没有网络，有网络时自动上交。",
    closed: "门户暂时不能接收。草稿留在这台设备上，请稍后再试。",
    refused: "登录的账号不是窗口人员或代办员，不能登记。",
    ended: "登录已结束，草稿都还在这台设备上。请登录，回到本页后自动上交。",
    nobody: "这台设备上没有登录的账号。请先在有网络的地方登录并打开本页，再带到没有网络的地方用。",
    unsealed: "这个浏览器不能在本机加密保存（要用 https 地址和较新的浏览器），所以这里不留草稿。" +
      "填好后不要关闭本页，有网络时直接上交。"
  };

  function say(words, tone, extra) {
    says.className = "alert alert-" + (tone || "info");
    says.replaceChildren(rows.el("span", "", words));
    if (extra) says.append(extra);
  }

  function tell(answer) {
    last = answer.state;
    if (answer.state === "ended") {
      var link = rows.el("a", "btn btn-primary btn-sm", "去登录");
      link.href = answer.way;
      return say(seals ? WORDS.ended : "登录已结束。请在另一个窗口登录，再回来上交。", "warning", link);
    }
    if (answer.state === "away" && seals && !who) return say(WORDS.nobody, "warning");
    var kept = count && answer.state === "away" ? "已存 " + count + " 件在这台设备上。" : "";
    say(seals ? kept + WORDS[answer.state] : WORDS.unsealed, answer.state === "away" ? "info" : "warning");
  }

  /* What is on the device ------------------------------------------------- */

  function remove(nonce) { return vault.remove(nonce).then(refresh); }

  function waitingRow(draft) {
    return rows.waiting(
      draft,
      (wrong[draft.nonce] || {}).errors || {},
      function () { edit(draft); },
      function () { return remove(draft.nonce); }
    );
  }

  function receiptRow(row) {
    return rows.receipt(row.body, function () { return remove(row.nonce); });
  }

  async function refresh() {
    if (!seals) return;
    var before = who;
    who = (await vault.holder()) || null;
    // What somebody else has half typed is not for the next person.
    if (before && (!who || who.account !== before.account)) stopEditing();
    var found = await vault.list(who);
    var receipts = found.own.filter(function (row) { return row.kind === "receipt"; });
    var waiting = found.own.filter(function (row) { return row.kind !== "receipt"; });
    rows.show("receipts", receipts.map(receiptRow));
    rows.show("waiting", waiting.map(waitingRow));
    count = waiting.length;
    document.getElementById("waiting-count").textContent = count + " 件";
    var others = document.getElementById("others");
    others.hidden = !found.others;
    others.textContent = "另有 " + found.others + " 件是其他账号存的，由本人登录后才能打开和上交。";
    sheet.element.hidden = !who;
    if (who) sheet.offer(who.choices);
    document.getElementById("holder").textContent = who ? who.name + " · " + who.organization.name : "";
  }

  /* The form -------------------------------------------------------------- */

  function edit(draft) {
    editing = draft;
    var answer = wrong[draft.nonce] || {};
    sheet.fill(draft.body.fields);
    if (answer.received_at && !draft.body.fields.received_at) {
      sheet.field("received_at").value = answer.received_at;
    }
    sheet.show(answer.errors || {});
    document.getElementById("capture-title").textContent = "修改 " + rows.moment(draft.body.captured_at) + " 记的一件";
    document.getElementById("give-up").hidden = false;
    if (!answer.errors) sheet.field("phone").focus();
  }

  function stopEditing() {
    editing = null;
    sheet.clear();
    document.getElementById("capture-title").textContent = "记一件";
    document.getElementById("give-up").hidden = true;
  }

  async function keep(typed) {
    var nonce = editing ? editing.nonce : vault.newNonce();
    if (editing) {
      var there = await vault.find(who, nonce);
      if (!there || there.kind !== "draft") return say("这一件刚刚已经上交，没有再存。请到办件页更正。", "warning");
    }
    await vault.put(who, "draft", nonce, {
      fields: typed,
      captured_at: editing ? editing.body.captured_at : new Date().toISOString(),
      organization: editing ? editing.body.organization : who.organization.id
    });
    delete wrong[nonce];
    stopEditing();
    await refresh();
    say("已加密存在这台设备上，正在联系门户…", "success");
    sheet.field("phone").focus();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    handInAll();
  }

  /* Nothing can be kept: the form goes straight to the portal, or stays as it is. */
  async function send(typed) {
    unsent = unsent || { nonce: vault.newNonce(), at: new Date().toISOString() };
    var session = await desk.session();
    if (session.state !== "open") return tell(session);
    var body = { fields: typed, captured_at: unsent.at, organization: session.organization.id };
    var answer = await desk.handIn(session, { nonce: unsent.nonce, body: body });
    if (answer.state === "wrong") return sheet.show(answer.errors);
    if (answer.state !== "done") return tell(answer);
    unsent = null;
    sheet.clear();
    rows.show("receipts", [rows.receipt(answer.receipt, function () { rows.show("receipts", []); })]);
    say("已上交。", "success");
  }

  sheet.element.addEventListener("submit", async function (event) {
    event.preventDefault();
    if (keeping) return;
    keeping = true;
    try {
      var typed = sheet.read();
      var missing = sheet.missing(typed);
      sheet.show(missing);
      if (!Object.keys(missing).length) await (seals ? keep(typed) : send(typed));
    } catch (error) {
      say("没有存成，请不要关闭本页：先把内容抄在纸上，再刷新重试。", "danger");
    } finally {
      keeping = false;
    }
  });

  /* Handing in ------------------------------------------------------------ */

  async function handInOne(session, draft) {
    var answer = await desk.handIn(session, draft);
    if (answer.state === "done") {
      delete wrong[draft.nonce];
      var now = await vault.find(who, draft.nonce);
      // Changed in another window meanwhile: it stays, and the next hand-in says what became of it.
      var same = !now || JSON.stringify(now.body) === JSON.stringify(draft.body);
      if (same) await vault.put(who, "receipt", draft.nonce, answer.receipt);
    } else if (answer.state === "wrong") {
      wrong[draft.nonce] = answer;
    }
    return answer;
  }

  async function handIn() {
    var session = await desk.session();
    if (session.state === "open") await vault.enter(session);
    if (session.state === "refused") await vault.leave();
    await refresh();
    if (session.state !== "open") return tell(session);
    last = "open";
    large(session.large);
    var given = 0;
    var waiting = (await vault.list(who)).own.filter(function (row) {
      return row.kind === "draft" && !(editing && editing.nonce === row.nonce);
    });
    for (var draft of waiting) {
      var answer = await handInOne(session, draft);
      if (answer.state === "done") given += 1;
      else if (answer.state !== "wrong") {
        await refresh();
        return tell(answer);
      }
    }
    await refresh();
    report(given, waiting.length - given);
  }

  function report(given, left) {
    if (left) return say("有 " + left + " 件没有交成，原因写在下面，请修改后再交。", "warning");
    say(given ? "已上交 " + given + " 件，编号和查询码在下面。" : "网络正常，没有等待上交的。", "success");
  }

  function handInAll() {
    if (!seals) return Promise.resolve();
    again = Boolean(running); // what was put down meanwhile is handed in as well
    if (running) return running;
    running = vault.alone(handIn)
      .catch(function () { tell({ state: "closed" }); })
      .then(function () {
        running = null;
        if (again) return handInAll();
      });
    return running;
  }

  function large(is) {
    document.documentElement.classList.toggle("large", is);
    localStorage.setItem("offline-large", is ? "yes" : "");
  }

  /* Start ----------------------------------------------------------------- */

  function beReadyOffline() {
    if (!("serviceWorker" in navigator)) return;
    navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.page }).catch(function () {});
    navigator.serviceWorker.ready.then(function () {
      document.getElementById("ready").textContent = "本页已存好，断网也能打开";
    });
  }

  async function withoutVault() {
    say(WORDS.unsealed, "warning");
    document.getElementById("keep").textContent = "上交";
    var session = await desk.session();
    if (session.state === "open") sheet.offer(session.choices);
    else if (session.state !== "away") tell(session);
    sheet.element.hidden = session.state === "refused";
  }

  async function start() {
    document.documentElement.classList.toggle("large", localStorage.getItem("offline-large") === "yes");
    seals = await vault.works();
    if (!seals) return withoutVault();
    beReadyOffline();
    await refresh();
    handInAll();
  }

  document.getElementById("hand-in").addEventListener("click", handInAll);
  document.getElementById("give-up").addEventListener("click", stopEditing);
  window.addEventListener("online", handInAll);
  window.addEventListener("offline", function () { tell({ state: "away" }); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && seals) refresh().then(handInAll);
  });
  setInterval(function () {
    if (!document.hidden && last === "away") handInAll();
  }, RETRY);
  vault.onChange(refresh);
  start();
})();
