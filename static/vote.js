/* Puts the secret of a scanned QR code into its field, and takes it out of the address. */
(function () {
  "use strict";
  var secret = location.hash.slice(1), field = document.getElementById("id_code");
  if (!secret || !field) return;
  field.value = secret;
  history.replaceState(null, "", location.pathname);
})();
