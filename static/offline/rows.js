/* What the capture page lists: drafts that wait, and receipts to be copied for the citizens. */
window.Offline = window.Offline || {};
(function () {
  "use strict";

  var label = window.Offline.form.label;

  function el(tag, look, content) {
    var made = document.createElement(tag);
    if (look) made.className = look;
    made.append.apply(made, [].concat(content || []));
    return made;
  }

  function button(words, whose, action) {
    var made = el("button", "btn btn-outline-secondary btn-sm", words);
    made.type = "button";
    made.setAttribute("aria-label", words + "：" + whose);
    made.addEventListener("click", function () { action(made); });
    return made;
  }

  function moment(iso) {
    var at = new Date(iso);
    var two = function (number) { return String(number).padStart(2, "0"); };
    return at.getMonth() + 1 + "月" + at.getDate() + "日 " + two(at.getHours()) + ":" + two(at.getMinutes());
  }

  function removal(whose, remove) {
    return button("删除", whose, function (pressed) {
      if (pressed.dataset.sure) return remove();
      pressed.dataset.sure = "yes";
      pressed.textContent = "确定删除";
      pressed.setAttribute("aria-label", "确定删除：" + whose);
    });
  }

  function errorList(errors) {
    var lines = Object.keys(errors).map(function (name) {
      return el("li", "", (label(name) ? label(name) + "：" : "") + errors[name].join(" "));
    });
    return lines.length ? [el("ul", "field-errors", lines)] : [];
  }

  /* `errors` is what the portal said of the draft, by field; `change` and `remove` are acts. */
  function waiting(draft, errors, change, remove) {
    if (draft.kind === "closed") {
      var words = "有一件打不开：存它的密钥已不在这台设备上。";
      return el("li", "", [el("p", "", words), removal("打不开的一件", remove)]);
    }
    var fields = draft.body.fields;
    var at = el("span", "muted", moment(draft.body.captured_at));
    var head = el("p", "capture-head", [el("b", "", fields.name), at]);
    var matter = el("p", "", fields.content.slice(0, 60));
    var verbs = el("div", "form-actions", [
      button("修改", fields.name, change), removal(fields.name, remove)
    ]);
    return el("li", "", [head, matter].concat(errorList(errors), verbs));
  }

  function codeLine(name, value) {
    return el("p", "", [name + " ", el("b", "query-code", value)]);
  }

  function receipt(row, putAway) {
    var words = row.name + "，" + row.subject + (row.due ? "，应于 " + row.due + " 办结" : "");
    var lines = [el("p", "", words), codeLine("编号", row.number), codeLine("查询码", row.query_code)];
    if (row.changed) lines.push(el("p", "field-errors", "上交的是修改前的内容，请到办件页更正。"));
    var paper = el("a", "btn btn-outline-secondary btn-sm", "打印回执");
    paper.href = row.receipt;
    paper.setAttribute("aria-label", "打印回执：" + row.number);
    var verbs = el("div", "form-actions", [button("抄好了", row.number, putAway), paper]);
    return el("li", "", lines.concat(verbs));
  }

  function show(id, rows) {
    var section = document.getElementById(id);
    section.hidden = !rows.length;
    section.querySelector("ul").replaceChildren.apply(section.querySelector("ul"), rows);
  }

  window.Offline.rows = { el: el, moment: moment, waiting: waiting, receipt: receipt, show: show };
})();
