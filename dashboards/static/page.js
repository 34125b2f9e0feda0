// Draw every chart of the page. Nothing is fetched: specifications stand in the page.
(function () {
  "use strict";
  // On a phone the long tables start closed; on paper they are open.
  var variants = document.querySelectorAll("details.variants");
  function open(state) { variants.forEach(function (part) { part.open = state; }); }
  open(!window.matchMedia("(max-width: 640px)").matches);
  window.addEventListener("beforeprint", function () { open(true); });

  var config = JSON.parse(document.getElementById("chart-config").textContent);
  var options = {
    mode: "vega-lite",
    actions: false,
    renderer: "svg",
    ast: true, // expressions are interpreted, so the page needs no eval
    config: config,
  };
  var drawn = Array.from(document.querySelectorAll("script[data-chart]")).map(
    function (source) {
      var place = document.getElementById(source.dataset.chart);
      var specification = JSON.parse(source.textContent);
      return vegaEmbed(place, specification, options).then(
        function () { place.dataset.drawn = "yes"; },
        function (error) { place.dataset.drawn = "no"; console.error(error); }
      );
    }
  );
  Promise.all(drawn).then(function () { document.body.dataset.drawn = "yes"; });
})();
