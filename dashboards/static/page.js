// Draw every chart of the page and narrow it down. Nothing is fetched: specifications
// stand in the page, packed.
(function () {
  "use strict";
  function all(selector, within) {
    return Array.from((within || document).querySelectorAll(selector));
  }

  // On a phone the long lists and tables start closed; on paper tables are open.
  function open(selector, state) {
    all(selector).forEach(function (part) { part.open = state; });
  }
  var phone = window.matchMedia("(max-width: 640px)");
  open("details.variants, .neighbours details", !phone.matches);
  window.addEventListener("beforeprint", function () { open("details.variants", true); });

  // On a phone each row of a table is a list, and its cells say what they are of. Of
  // cells that are no longer laid out as such, browsers forget what they are.
  function labelTables() {
    [["table", "table"], ["thead, tbody", "rowgroup"], ["tr", "row"], ["td", "cell"],
      ["thead th", "columnheader"], ["tbody th", "rowheader"]].forEach(function (pair) {
      all(pair[0]).forEach(function (part) { part.setAttribute("role", pair[1]); });
    });
    all("table").forEach(function (table) {
      var headings = all("thead th", table).map(function (heading) {
        return heading.textContent;
      });
      all("tbody tr", table).forEach(function (row) {
        Array.from(row.children).forEach(function (cell, index) {
          cell.dataset.label = headings[index];
        });
      });
      table.classList.add("labelled");
    });
  }
  if (phone.matches) { labelTables(); }
  phone.addEventListener("change", labelTables, { once: true });

  // --- what the reader chose

  var form = document.querySelector("form.filters");
  var inputs = form ? form.elements : {};
  var known = {}; // each place with the places that are shown with it
  all("option[value]", inputs.place).forEach(function (option) {
    var country = option.dataset.country;
    if (!option.value) { return; }
    known[option.value] = known[option.value] || {};
    known[option.value][option.value] = true;
    if (country) {
      known[option.value][country] = true;
      known[country] = known[country] || {};
      known[country][option.value] = true;
    }
  });

  function chosen() {
    function value(name) { return inputs[name] ? inputs[name].value : ""; }
    function month(name, otherwise) {
      return value(name) === "" ? otherwise : Number(value(name));
    }
    function isEnd(name, end) { return !inputs[name] || value(name) === inputs[name][end]; }
    return {
      place: value("place"),
      from: month("from", -Infinity),
      to: month("to", Infinity),
      isEveryMonth: isEnd("from", "min") && isEnd("to", "max"),
      price: value("price"),
    };
  }

  // What is no place, such as the name of a definition, belongs to every place.
  function isOfPlace(name, choice) {
    return !choice.place || !known[name] || Boolean(known[choice.place][name]);
  }
  // A month without an age belongs to no span of months since launch.
  function isInMonths(month, choice) {
    if (month === null) { return choice.isEveryMonth; }
    return month >= choice.from && month <= choice.to;
  }
  function isOfPrice(price, choice) {
    return !price || !choice.price || price === choice.price;
  }

  // --- charts

  var packed = document.getElementById("charts");
  var isAble = Boolean(packed) && typeof DecompressionStream === "function";
  var options = {
    mode: "vega-lite",
    actions: false,
    renderer: "svg",
    ast: true, // expressions are interpreted, so the page needs no eval
  };
  if (packed && !isAble) { open("details.data", true); }
  if (isAble) {
    options.config = JSON.parse(document.getElementById("chart-config").textContent);
    document.getElementById("no-charts").hidden = true;
  }

  // The specifications of all charts by their ids; unpacked once.
  function unpack() {
    if (!isAble) { return Promise.resolve({}); }
    var bytes = Uint8Array.from(atob(packed.textContent), function (letter) {
      return letter.charCodeAt(0);
    });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }
  var unpacked = unpack();
  var isMonthly = function (value) { return typeof value.x === "number"; };
  // Months since launch of a value: where it stands, or beside its calendar month.
  function ageOf(value) { return isMonthly(value) ? value.x : value.age; }

  // The rows of the items that are left move together, and the chart gets lower.
  function closeRanks(specification, figures, before) {
    var height = specification.usermeta && specification.usermeta.rowHeight;
    if (!height) { return; }
    function rowsOf(values) {
      var rows = values.map(function (value) { return value.row; });
      return rows.filter(function (row, i) { return rows.indexOf(row) === i; }).sort(
        function (a, b) { return a - b; });
    }
    if (figures.length && figures[0].row === undefined) { // a strip: rows are names
      var scale = specification.layer[0].encoding.y.scale;
      var names = scale.domain.filter(function (name) {
        return figures.some(function (value) { return value.item === name; });
      });
      scale.domain = names;
      specification.height = height * names.length;
      return;
    }
    var left = rowsOf(figures);
    if (left.length === rowsOf(before).length) { return; }
    figures.forEach(function (value) {
      var move = (left.indexOf(value.row) - value.row) * height;
      ["top", "words_top", "pixel"].forEach(function (key) { value[key] += move; });
    });
    specification.height = height * left.length;
    specification.layer.forEach(function (layer) {
      var y = layer.encoding && layer.encoding.y;
      if (y && y.scale && y.scale.reverse) {
        y.scale.domain = [0, specification.height];
      }
    });
  }

  function narrowed(whole, choice) {
    var specification = structuredClone(whole);
    var sets = specification.datasets;
    var before = sets.figures;
    sets.figures = before.filter(function (value) {
      return isOfPlace(value.item, choice) && isOfPrice(value.price, choice) &&
        (ageOf(value) === undefined || isInMonths(ageOf(value), choice));
    });
    closeRanks(specification, sets.figures, before);
    (before.some(isMonthly) && specification.layer || []).forEach(function (layer) {
      var x = layer.encoding && layer.encoding.x;
      if (x && x.scale && x.scale.domain) {
        x.scale.domain = [
          Math.max(x.scale.domain[0], choice.from), Math.min(x.scale.domain[1], choice.to),
        ];
      }
    });
    sets.events = (sets.events || []).filter(function (mark) {
      return mark.end >= choice.from && mark.start <= choice.to;
    }).map(function (mark) {
      return {
        start: Math.max(mark.start, choice.from),
        end: Math.min(mark.end, choice.to),
        name: mark.name,
      };
    });
    return specification;
  }

  var views = {};
  function draw(place, whole, choice) {
    var specification = narrowed(whole, choice);
    var isEmpty = specification.datasets.figures.length === 0;
    place.classList.toggle("filtered", isEmpty);
    if (views[place.id]) { views[place.id].finalize(); }
    if (isEmpty) { return Promise.resolve(); }
    return vegaEmbed(place, specification, options).then(
      function (drawn) { views[place.id] = drawn; place.dataset.drawn = "yes"; },
      function (error) { place.dataset.drawn = "no"; console.error(error); }
    );
  }
  // How often the page is being drawn at once; `data-drawn` is there when none is left.
  var drawingCount = 0;
  function drawAll(choice) {
    drawingCount += 1;
    delete document.body.dataset.drawn;
    return unpacked.then(function (charts) {
      return Promise.all(Object.keys(charts).map(function (id) {
        return draw(document.getElementById(id), charts[id], choice);
      }));
    }).then(function () {
      drawingCount -= 1;
      if (drawingCount === 0) { document.body.dataset.drawn = "yes"; }
    });
  }

  // --- everything that is no chart

  function show(part, isShown) { part.classList.toggle("filtered", !isShown); }

  function countIn(cell) {
    var words = cell.textContent.trim();
    return /^\d+$/.test(words) ? Number(words) : null;
  }

  function narrowTable(table, choice) {
    var column = table.dataset.monthColumn;
    all("thead th", table).forEach(function (heading, index) {
      all("tr", table).forEach(function (row) {
        var cell = row.children[index];
        if (cell) { show(cell, isOfPlace(heading.textContent.trim(), choice)); }
      });
    });
    all("tbody tr", table).forEach(function (row) {
      var inMonths = column === undefined ||
        isInMonths(countIn(row.children[column]), choice);
      var words = Array.from(row.children).slice(0, 2).map(function (cell) {
        return cell.textContent.trim();
      });
      show(row, inMonths && words.every(function (name) {
        return isOfPlace(name, choice);
      }));
    });
  }

  function sayEmpty(card) {
    var parts = all(".panel, .tile, tbody tr", card);
    var isEmpty = parts.length > 0 && parts.every(function (part) {
      return part.classList.contains("filtered");
    });
    var said = card.querySelector(".nothing");
    if (said) { said.remove(); }
    if (isEmpty) {
      said = document.createElement("p");
      said.className = "notice nothing";
      said.textContent = form.dataset.nothing;
      card.appendChild(said);
    }
  }

  function narrowPage(choice) {
    all("[data-place]").forEach(function (part) {
      show(part, isOfPlace(part.dataset.place, choice));
    });
    all("article[data-price], li[data-price]").forEach(function (part) {
      show(part, isOfPrice(part.dataset.price, choice));
    });
    // What one panel says of all places at once holds no longer.
    all(".panel:not([data-place]) .families").forEach(function (part) {
      show(part, !choice.place);
    });
    all("table").forEach(function (table) { narrowTable(table, choice); });
    all("article.card").forEach(sayEmpty);
  }

  // The choice goes along to the next page, in its address: nothing is stored.
  function carryAlong() {
    var query = new URLSearchParams(new FormData(form)).toString();
    all(".neighbours a, .languages a[hreflang]").forEach(function (link) {
      link.search = form.dataset.isChanged === "yes" ? query : "";
    });
  }

  function apply(isChanged) {
    var choice = chosen();
    form.dataset.isChanged = isChanged ? "yes" : "no";
    narrowPage(choice);
    carryAlong();
    var words = all("select, input", form).map(function (input) {
      return input.options ? input.options[input.selectedIndex].text : input.value;
    });
    form.querySelector("[role=status]").textContent =
      form.dataset.showing + ": " + words.join(", ");
    return drawAll(choice);
  }

  if (!form) {
    drawAll(chosen());
    return;
  }
  form.hidden = false;
  var brought = new URLSearchParams(window.location.search);
  var isBrought = false;
  brought.forEach(function (value, name) {
    var input = inputs[name];
    var fits = input && (!input.options || all("option", input).some(
      function (option) { return option.value === value; }));
    if (fits) { input.value = value; isBrought = true; }
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("change", function () { apply(true); });
  form.addEventListener("reset", function () {
    window.setTimeout(function () { apply(false); }, 0);
  });
  if (isBrought) { apply(true); } else { drawAll(chosen()); }
})();
