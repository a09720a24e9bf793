/* The form of the capture page: reading it, filling it, naming what is wrong at its fields. */
window.Offline = window.Offline || {};
(function () {
  "use strict";

  var form = document.getElementById("capture-form");
  var errorsPlace = document.getElementById("capture-errors");

  function fields() {
    return Array.from(form.elements).filter(function (one) { return one.name; });
  }

  // Not elements[name]: a field called "item" would find the collection's own method.
  function field(name) { return form.elements.namedItem(name); }

  function read() {
    var typed = {};
    fields().forEach(function (one) {
      typed[one.name] = one.type === "checkbox" ? one.checked : one.value.trim();
    });
    return typed;
  }

  function fill(typed) {
    form.reset();
    fields().forEach(function (one) {
      if (!(one.name in typed)) return;
      if (one.type === "checkbox") one.checked = typed[one.name];
      else one.value = typed[one.name];
    });
  }

  function clear() {
    form.reset();
    show({});
    delete form.dataset.changed;
  }

  /* Fields that the portal fills: items of the organization that the account works for. */
  function offer(choices) {
    Object.keys(choices).forEach(function (name) {
      var select = field(name);
      if (!select) return;
      var chosen = select.value;
      select.replaceChildren.apply(select, choices[name].map(function (choice) {
        return new Option(choice[1], choice[0]);
      }));
      select.value = chosen;
    });
  }

  function label(name) {
    var words = form.querySelector("label[for=id_" + name + "]");
    return words ? words.firstChild.textContent.trim() : "";
  }

  function listOf(words, id) {
    var list = document.createElement("ul");
    list.className = "field-errors";
    list.id = id;
    words.forEach(function (text) {
      var item = document.createElement("li");
      item.textContent = text;
      list.append(item);
    });
    return list;
  }

  function mark(one, words) {
    var id = one.id + "_error";
    var old = document.getElementById(id);
    if (old) old.remove();
    var help = one.id + "_helptext";
    var described = document.getElementById(help) ? [help] : [];
    if (words) {
      one.closest(".field").append(listOf(words, id));
      one.setAttribute("aria-invalid", "true");
      described.push(id);
      if (one.closest("details")) one.closest("details").open = true;
    } else {
      one.removeAttribute("aria-invalid");
    }
    if (described.length) one.setAttribute("aria-describedby", described.join(" "));
    else one.removeAttribute("aria-describedby");
  }

  function summary(errors) {
    var box = document.createElement("div");
    box.className = "error-summary";
    box.setAttribute("role", "alert");
    var title = document.createElement("h3");
    title.textContent = "请改好这几处";
    var list = document.createElement("ul");
    Object.keys(errors).forEach(function (name) {
      var item = document.createElement("li");
      var words = (label(name) ? label(name) + "：" : "") + errors[name].join(" ");
      if (field(name)) {
        var link = document.createElement("a");
        link.href = "#" + field(name).id;
        link.textContent = words;
        item.append(link);
      } else {
        item.textContent = words;
      }
      list.append(item);
    });
    box.append(title, list);
    return box;
  }

  /* Errors by field, as the portal or `missing` names them; an empty object clears them all. */
  function show(errors) {
    fields().forEach(function (one) { mark(one, errors[one.name]); });
    errorsPlace.textContent = "";
    if (!Object.keys(errors).length) return;
    errorsPlace.append(summary(errors));
    var first = form.querySelector("[aria-invalid=true]");
    if (first) first.focus();
  }

  function missing(typed) {
    var errors = {};
    fields().forEach(function (one) {
      if (one.required && !typed[one.name]) errors[one.name] = ["这里要填。"];
    });
    return errors;
  }

  window.Offline.form = {
    element: form, field: field, read: read, fill: fill, clear: clear, offer: offer, show: show,
    missing: missing, label: label
  };
})();
