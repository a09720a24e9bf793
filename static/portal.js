/* Short cuts only: every page does its job without this file. Events are delegated to the
   document, so what htmx swaps in needs no second start. */
(function () {
  "use strict";

  function each(selector, action) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), action);
  }

  function say(words, button) {
    var bar = document.createElement("p");
    bar.className = "notice-bar";
    bar.setAttribute("role", "alert");
    bar.append(words);
    if (button) bar.append(button);
    document.body.append(bar);
    return bar;
  }

  /* Forms ------------------------------------------------------------ */

  function release(form) {
    delete form.dataset.sent;
    each("button[data-held]", function (button) {
      if (button.form !== form) return;
      button.disabled = false;
      delete button.dataset.held;
    });
  }

  function hold(form) {
    form.dataset.sent = "yes";
    // After this turn: a disabled button would not send its own name and value.
    setTimeout(function () {
      Array.prototype.forEach.call(form.elements, function (element) {
        if (element.type !== "submit" || element.disabled) return;
        element.disabled = true;
        element.dataset.held = "yes";
      });
    });
    // A form that opens a download or a new tab leaves this page usable.
    if (form.hasAttribute("target") || form.hasAttribute("data-download")) setTimeout(release, 3000, form);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.hasAttribute("data-once") && !event.defaultPrevented) hold(form);
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.dataset && event.target.dataset.sent) release(event.target);
  });

  window.addEventListener("pageshow", function () {
    each("form[data-sent]", release); // back from the next page, out of the cache
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var form = event.target.closest("form[data-ctrl-enter]");
      if (!form) return;
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      each("details.drop[open]", function (drop) {
        drop.open = false;
        if (drop.contains(document.activeElement)) drop.querySelector("summary").focus();
      });
    }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest(".filters-toggle");
    if (!button) return;
    var field = button.form.querySelector("input:not([type=hidden]), select");
    button.form.classList.remove("filters-folded");
    if (field) field.focus();
  });

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-guard]");
    if (form) form.dataset.changed = "yes";
  });

  window.addEventListener("beforeunload", function (event) {
    if (!document.querySelector("form[data-guard][data-changed]:not([data-sent])")) return;
    event.preventDefault();
    event.returnValue = "";
  });

  function focusFirst() {
    var wrong = document.querySelector("[aria-invalid=true]");
    var form = document.querySelector("form[data-focus]");
    var first = form && form.querySelector(
      "input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled)"
    );
    if (wrong || first) (wrong || first).focus();
  }

  /* Clicks ------------------------------------------------------------ */

  // Intranet sites often run on plain http, where the clipboard interface does not exist.
  function copyTheOldWay(text) {
    var field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  function copy(button) {
    var words = button.textContent;
    if (navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy);
    else copyTheOldWay(button.dataset.copy);
    button.textContent = "已复制";
    setTimeout(function () { button.textContent = words; }, 2000);
  }

  // data-fill-name="覃德明" puts that into the field named name.
  function fill(button) {
    Object.keys(button.dataset).forEach(function (key) {
      if (!/^fill[A-Z]/.test(key)) return;
      var name = key.slice(4).replace(/(?!^)[A-Z]/g, "_$&").toLowerCase();
      var field = document.getElementById("id_" + name);
      if (!field) return;
      field.value = button.dataset[key];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  document.addEventListener("click", function (event) {
    each("details.drop[open]", function (drop) {
      if (!drop.contains(event.target)) drop.open = false;
    });
    var button = event.target.closest("button[type=button]");
    if (!button) return;
    fill(button);
    if (button.hasAttribute("data-print")) window.print();
    if (button.hasAttribute("data-copy")) copy(button);
  });

  /* Offline drafts ----------------------------------------------------- */

  // The key to what an account has put down on this device goes when the account does.
  function lockDrafts() {
    localStorage.removeItem("offline-account");
    if (window.indexedDB) indexedDB.deleteDatabase("offline-keys");
  }

  var holder = localStorage.getItem("offline-account");
  var account = document.body.dataset.account;
  if (holder && account && holder !== account) lockDrafts();
  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-leave")) lockDrafts();
  });

  /* Idle exit --------------------------------------------------------- */

  function watchIdle(seconds, url) {
    var bar = null;
    var key = "portal-active"; // shared by all tabs: work in one keeps the session of all
    function touch() { localStorage.setItem(key, Date.now()); }

    function stay() {
      fetch(url, { method: "HEAD", credentials: "same-origin" }).then(touch);
    }

    function look() {
      var left = seconds - (Date.now() - Number(localStorage.getItem(key))) / 1000;
      if (bar && left > 120) { bar.remove(); bar = null; }
      if (left <= 0 && bar) {
        bar.firstChild.textContent = "登录已过期。请先复制没有保存的内容，再刷新页面重新登录。";
      } else if (left <= 120 && !bar) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-primary";
        button.textContent = "继续使用";
        button.addEventListener("click", stay);
        bar = say("您很久没有操作，2 分钟后将自动退出，没有保存的内容会丢失。", button);
      }
    }

    // Whoever types is not idle: a long form must not end in the sign-in page.
    var asked = Date.now();
    document.addEventListener("input", function () {
      if (Date.now() - asked < 300000) return;
      asked = Date.now();
      stay();
    });

    touch();
    setInterval(look, 5000);
    document.addEventListener("htmx:afterRequest", touch);
  }

  /* htmx -------------------------------------------------------------- */

  // An answer that was redirected (most often to the login page) is a page of its own.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var asked = new URL(event.detail.pathInfo.finalRequestPath, location.href);
    var answered = new URL(event.detail.xhr.responseURL || asked, location.href);
    if (asked.pathname === answered.pathname) return;
    event.detail.shouldSwap = false;
    location.assign(answered);
  });

  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function () {
      var bar = say("刚才的操作没有完成，请稍后再试。");
      setTimeout(function () { bar.remove(); }, 8000);
    });
  });

  focusFirst();
  var idle = document.body.dataset.idle;
  if (idle) watchIdle(Number(idle), document.body.dataset.stay);
  if (document.querySelector("[data-print-now]")) window.addEventListener("load", function () { window.print(); });
})();
