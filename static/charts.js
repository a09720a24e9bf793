/* Draws the charts of dashboards. Each stands beside the table with the same numbers, so that a
   browser without this file misses nothing. The data lie in a json_script tag of the page. */
(function () {
  "use strict";

  var COLOURS = { main: "#3b6ea5", soft: "#9dbbd8", ink: "#1f2328", warn: "#d98e04", late: "#b11116" };
  // Patterns beside colours: a grey print and a colour-blind reader tell the parts apart.
  var STRIPES = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(255,255,255,.5)" };
  var DECALS = { warn: STRIPES, soft: STRIPES };
  var BAR = 34;
  // More columns than these stand too close for numbers on them.
  var FEW = 7;
  var charts = [];

  function rem() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  function textStyle() {
    var style = getComputedStyle(document.body);
    return { fontFamily: style.fontFamily, fontSize: rem() * 0.8125, color: "#3c444c" };
  }

  function longest(data) {
    var sums = data.labels.map(function (_, n) {
      return data.series.reduce(function (sum, row) { return sum + (row.stack ? row.data[n] : 0); }, 0);
    });
    return Math.max.apply(null, sums);
  }

  function seriesOf(row, data, text) {
    var most = longest(data);
    var alone = !row.stack;
    return {
      name: row.name,
      type: row.kind,
      data: row.data,
      stack: row.stack || null,
      barMaxWidth: 28,
      barGap: "10%",
      symbolSize: 7,
      itemStyle: { color: COLOURS[row.tone], decal: DECALS[row.tone] || null },
      lineStyle: { color: COLOURS[row.tone], width: 2 },
      // A number on each bar saves the reader the axis; where it has no room the table has it.
      label: {
        show: row.kind === "bar" && (alone ? data.horizontal || data.labels.length <= FEW : !DECALS[row.tone]),
        position: alone ? (data.horizontal ? "right" : "top") : "inside",
        color: alone ? text.color : "#fff",
        fontSize: text.fontSize,
        formatter: function (point) { return point.value > most / 16 || alone && point.value ? String(point.value) : ""; },
      },
    };
  }

  function option(data) {
    var text = textStyle();
    var names = {
      type: "category", data: data.labels, inverse: data.horizontal,
      axisTick: { show: false }, axisLine: { lineStyle: { color: "#868e96" } },
      axisLabel: { color: text.color, fontSize: text.fontSize, interval: data.horizontal ? 0 : "auto", width: data.horizontal ? rem() * 7.5 : null, overflow: data.horizontal ? "truncate" : "none" },
    };
    var numbers = {
      type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#e1e4e8" } },
      axisLabel: { color: text.color, fontSize: text.fontSize },
    };
    return {
      animation: false,
      textStyle: text,
      aria: { enabled: true, label: { enabled: false } },
      grid: { left: 4, right: rem() * 2.25, top: data.series.length > 1 ? rem() * 2.5 : rem(), bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, top: 0, left: 0, itemWidth: 18, itemHeight: 12, textStyle: text },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, textStyle: text },
      xAxis: data.horizontal ? numbers : names,
      yAxis: data.horizontal ? names : numbers,
      series: data.series.map(function (row) { return seriesOf(row, data, text); }),
    };
  }

  function height(data) {
    var room = rem() * (data.series.length > 1 ? 5 : 3.5);
    return data.horizontal ? Math.max(rem() * 9, data.labels.length * BAR + room) : rem() * 17;
  }

  function draw(place) {
    var data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    place.hidden = false;
    place.style.height = height(data) + "px";
    var chart = window.echarts.init(place, null, { renderer: "canvas", devicePixelRatio: 2 });
    chart.setOption(option(data));
    charts.push(chart);
    if (window.ResizeObserver) new ResizeObserver(function () { chart.resize(); }).observe(place);
  }

  function fit(width) {
    charts.forEach(function (chart) { chart.resize(width ? { width: width } : {}); });
  }

  if (!window.echarts) return;
  Array.prototype.forEach.call(document.querySelectorAll("[data-chart]"), draw);
  // The breadth of an A4 page between its margins.
  window.addEventListener("beforeprint", function () { fit(640); });
  window.addEventListener("afterprint", function () { fit(); });
})();
