/* Puts a template or an earlier reply where the cursor is, and leads from gap to gap.
   Without this file the same buttons send the form, and the server does it. */
(function () {
  "use strict";

  var field = document.getElementById("id_text");
  if (!field) return;
  var touched = false;
  field.addEventListener("focus", function () { touched = true; });
  var GAP = /【[^】\d]{0,20}】/;

  function changed() {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function selectGap(from) {
    var found = GAP.exec(field.value.slice(from));
    if (!found) return false;
    field.focus();
    field.setSelectionRange(from + found.index, from + found.index + found[0].length);
    return true;
  }

  // At the cursor; where nobody has put one, at the end.
  function insert(text) {
    var start = touched ? field.selectionStart : field.value.length;
    var before = field.value.slice(0, start);
    var after = field.value.slice(touched ? field.selectionEnd : start);
    if (before && before.slice(-1) !== "\n") before += "\n";
    if (after && after.charAt(0) !== "\n") after = "\n" + after;
    field.value = before + text + after;
    var end = before.length + text.length;
    field.focus();
    field.setSelectionRange(end, end);
    selectGap(before.length);
    changed();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-insert]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.template) document.getElementById("id_template").value = button.dataset.template;
    insert(button.dataset.insert);
  });

  field.addEventListener("keydown", function (event) {
    if (event.key !== "F2") return;
    event.preventDefault();
    if (!selectGap(field.selectionEnd)) selectGap(0);
  });

  // After 预览 the eye belongs to what was found, not to the first field.
  var check = document.getElementById("check");
  if (check && !document.querySelector("[aria-invalid=true]")) check.focus();
})();
