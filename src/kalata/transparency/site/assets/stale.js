// The page says by itself that it is old: no network, no cookie.
(function () {
  var box = document.getElementById("stale"), until = box && box.getAttribute("data-until");
  if (until && Date.now() > Date.parse(until)) box.hidden = false;
})();
