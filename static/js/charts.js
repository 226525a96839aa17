// Charts from the JSON beside them, in the colours of the tokens; drawn again when the theme changes.
(function () {
  "use strict";
  const drawn = new Map();
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const stages = () => [1, 2, 3, 4, 5, 6, 7, 8].map((place) => token(`--stage-${place}`));
  const series = () => [1, 2, 3, 4, 5, 6].map((place) => token(`--series-${place}`));
  const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

  function text(size) {
    return { color: token("--secondary"), fontFamily: token("--font"), fontSize: size || Number(getComputedStyle(document.querySelector("main") || document.body).getPropertyValue("--chart-text")) || 12 };
  }

  function base(data) {
    const unit = data.unit ? ` ${data.unit}` : "";
    return {
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 250,
      color: series(),
      textStyle: text(),
      grid: { left: 4, right: 24, top: (data.series || []).length > 1 ? 34 : 14, bottom: 4, containLabel: true },
      legend: (data.series || []).length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: text() } : undefined,
      // Rich text, because markup with style attributes is forbidden by the content security policy.
      tooltip: {
        renderMode: "richText",
        confine: true,
        backgroundColor: token("--card"),
        borderColor: token("--line"),
        textStyle: { ...text(13), color: token("--ink") },
        valueFormatter: (value) => (value === null || value === undefined ? "—" : grouped.format(value) + unit),
      },
    };
  }

  function names(data) {
    return {
      type: "category",
      data: data.categories,
      axisLine: { lineStyle: { color: token("--line-strong") } },
      axisTick: { show: false },
      axisLabel: { ...text(), interval: 0, hideOverlap: true },
    };
  }

  function values() {
    return {
      type: "value",
      splitLine: { lineStyle: { color: token("--line") } },
      axisLabel: { ...text(), formatter: (value) => grouped.format(value) },
    };
  }

  function labelled(position) {
    return { show: true, position: position, ...text(), color: token("--ink"), formatter: (one) => (one.value === null ? "" : grouped.format(one.value)) };
  }

  function lines(data, make) {
    return data.series.map((one) => ({ name: one.name, data: one.values, ...make(one) }));
  }

  function colours(data) {
    return data.stages ? (one) => stages()[one.dataIndex % 8] : undefined;
  }

  const kinds = {
    bar: (data) => ({
      xAxis: values(),
      yAxis: { ...names(data), inverse: true },
      series: lines(data, () => ({ type: "bar", barMaxWidth: 16, itemStyle: { borderRadius: 3, color: colours(data) }, label: data.series.length === 1 ? labelled("right") : undefined })),
    }),
    column: (data) => ({
      xAxis: names(data),
      yAxis: values(),
      series: lines(data, () => ({ type: "bar", barMaxWidth: 28, itemStyle: { borderRadius: [3, 3, 0, 0], color: colours(data) }, label: data.series.length === 1 ? labelled("top") : undefined })),
    }),
    stacked: (data) => ({
      color: data.stages ? stages() : series(),
      xAxis: names(data),
      yAxis: values(),
      series: lines(data, () => ({ type: "bar", stack: "all", barMaxWidth: 32 })),
    }),
    line: (data) => ({
      tooltip: { ...base(data).tooltip, trigger: "axis" },
      xAxis: { ...names(data), boundaryGap: false },
      yAxis: data.ranks ? { ...values(), inverse: true, min: 1, minInterval: 1 } : values(),
      series: lines(data, (one) => ({ type: "line", symbolSize: 6, showSymbol: data.categories.length <= 12, lineStyle: { width: 2, type: one.dashed ? "dashed" : "solid" } })),
    }),
    funnel: (data) => ({
      color: stages(),
      legend: undefined,
      series: [{
        type: "funnel",
        sort: "none",
        left: 8,
        right: 8,
        top: 8,
        bottom: 8,
        minSize: "14%",
        gap: 2,
        label: { position: "inside", ...text(), formatter: (one) => `${one.name}  ${grouped.format(one.value)}` },
        labelLine: { show: false },
        itemStyle: { borderWidth: 0 },
        data: data.items.map((item, place) => ({ ...item, label: { color: token(`--stage-ink-${(place % 8) + 1}`) } })),
      }],
    }),
    target: (data) => ({
      xAxis: values(),
      // The figures stand in a column of their own, where no target line crosses them.
      yAxis: [
        { ...names(data), inverse: true },
        { ...names(data), data: data.values.map((value) => grouped.format(value)), inverse: true, position: "right", axisLine: { show: false }, axisLabel: { ...text(), color: token("--ink"), interval: 0, align: "right", margin: 40 } },
      ],
      grid: { left: 4, right: 12, top: 14, bottom: 4, containLabel: true },
      series: [
        { name: data.names[0], type: "bar", barMaxWidth: 12, data: data.values, itemStyle: { color: token("--bar"), borderRadius: 3 } },
        { name: data.names[1], type: "scatter", symbol: "rect", symbolSize: [3, 20], data: data.marks.map((mark, place) => [mark, place]), itemStyle: { color: token("--ink") }, tooltip: { valueFormatter: (pair) => grouped.format(Array.isArray(pair) ? pair[0] : pair) } },
      ],
    }),
    // One shape a series over the named edges; each edge ends at its own maximum.
    radar: (data) => ({
      legend: { bottom: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: text() },
      radar: {
        indicator: data.categories.map((name, place) => ({ name, max: data.maxima[place] })),
        center: ["50%", "46%"],
        radius: "62%",
        axisName: text(),
        splitNumber: 4,
        splitArea: { show: false },
        splitLine: { lineStyle: { color: token("--line") } },
        axisLine: { lineStyle: { color: token("--line") } },
      },
      series: [{
        type: "radar",
        symbolSize: 5,
        data: data.series.map((one) => ({ name: one.name, value: one.values, lineStyle: { width: 2, type: one.dashed ? "dashed" : "solid" }, areaStyle: one.dashed ? undefined : { opacity: 0.15 } })),
      }],
    }),
    share: (data) => ({
      legend: { orient: "vertical", right: 0, top: "middle", icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: text() },
      series: [{ type: "pie", radius: ["52%", "78%"], center: ["34%", "50%"], label: { show: false }, itemStyle: { borderColor: token("--card"), borderWidth: 2 }, data: data.items }],
    }),
  };

  function draw(place) {
    const source = document.getElementById(place.dataset.source);
    const data = JSON.parse(source.textContent);
    drawn.get(place)?.dispose();
    const chart = window.echarts.init(place, null, { renderer: "canvas", devicePixelRatio: Math.max(window.devicePixelRatio || 1, 2) });
    chart.setOption({ ...base(data), ...kinds[place.dataset.chart](data) });
    chart.on("click", (one) => {
      const url = (one.data && one.data.url) || (data.urls && data.urls[one.dataIndex]);
      if (url) window.location.assign(url);
    });
    drawn.set(place, chart);
  }

  function start(scope) {
    if (!window.echarts) return;
    scope.querySelectorAll("[data-chart]").forEach((place) => { if (!drawn.has(place)) draw(place); });
    [...drawn.keys()].filter((place) => !place.isConnected).forEach((place) => {
      drawn.get(place).dispose();
      drawn.delete(place);
    });
  }

  // Two frames, so that the sheet of the chosen theme has been applied before its colours are read.
  document.addEventListener("themechange", () => {
    requestAnimationFrame(() => requestAnimationFrame(() => [...drawn.keys()].forEach(draw)));
  });
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  document.addEventListener("htmx:load", (event) => start(event.target.parentElement || document));
  start(document);
})();
