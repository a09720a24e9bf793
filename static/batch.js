/* Batch entry by keyboard: Enter goes down the column, the last row brings a new one.
   Without this file the page works by its buttons. */
(function () {
  "use strict";

  var MOST = 50;
  var table = document.querySelector(".batch");
  var total = document.getElementById("id_row-TOTAL_FORMS");
  var spare = document.getElementById("batch-row");

  function addRow() {
    var index = Number(total.value);
    if (index >= MOST) return null;
    var html = spare.innerHTML.replace(/__prefix__/g, index).replace(/__number__/g, index + 1);
    table.tBodies[0].insertAdjacentHTML("beforeend", html);
    total.value = index + 1;
    return table.tBodies[0].lastElementChild;
  }

  function column(field) {
    return field.name.split("-").pop();
  }

  function move(field, step) {
    var row = field.closest("tr");
    var next = step > 0 ? row.nextElementSibling || addRow() : row.previousElementSibling;
    var target = next && next.querySelector("[name$='-" + column(field) + "']");
    if (target) target.focus();
  }

  table.addEventListener("keydown", function (event) {
    var field = event.target;
    if (!field.name || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    var plain = field.tagName === "INPUT" && !field.hasAttribute("list");
    var step = { Enter: 1, ArrowDown: plain && 1, ArrowUp: plain && -1 }[event.key];
    if (!step || (event.key === "Enter" && field.tagName === "TEXTAREA" && event.shiftKey)) return;
    event.preventDefault();
    move(field, step);
  });

  // Tab out of the last field goes on in a new row.
  table.addEventListener("focusin", function (event) {
    var row = event.target.closest("tbody tr");
    if (row && !row.nextElementSibling && column(event.target) === "answer") addRow();
  });

  document.querySelector("[data-more]").addEventListener("click", function (event) {
    event.preventDefault();
    var first = addRow();
    for (var i = 1; i < 10; i += 1) addRow();
    if (first) first.querySelector("input").focus();
  });
})();
