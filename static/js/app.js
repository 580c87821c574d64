"use strict";

const page = document.documentElement;

/* --- theme: the form works without this; here it works at once */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-form]")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const theme = data.get("theme");
  if (theme === "auto") page.removeAttribute("data-bs-theme");
  else page.setAttribute("data-bs-theme", theme);
  for (const button of form.querySelectorAll("[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
  fetch(form.action, { method: "POST", body: data, redirect: "manual" });
  drawPlots();
});
for (const query of ["(prefers-color-scheme: dark)", "print"]) {
  matchMedia(query).addEventListener("change", () => drawPlots());
}

/* --- confirm: a form with data-confirm asks before it is sent */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form.dataset.confirm, event.submitter, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    });
  },
  true,
);

function ask(question, button, then) {
  const dialog = document.getElementById("confirm");
  const yes = dialog.querySelector("[value=yes]");
  dialog.querySelector("[data-question]").textContent = question;
  yes.textContent = button?.textContent.trim() || "Continue";
  yes.classList.toggle("btn-danger", Boolean(button?.matches(".btn-danger")));
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && then(), { once: true });
  dialog.showModal();
}

/* --- sums: a form that spreads an amount says as one types how much is left of it */
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-spread]");
  if (!form || !target.matches("[data-part]")) return;
  const cents = (text) => Math.round(Number(text.replace(/[$,\s]/g, "")) * 100);
  const parts = [...form.querySelectorAll("[data-part]")].map((part) => cents(part.value));
  const left = (cents(form.dataset.spread) - parts.reduce((sum, part) => sum + part, 0)) / 100;
  const output = form.querySelector("[data-left]");
  const style = { style: "currency", currency: "USD", trailingZeroDisplay: "stripIfInteger" };
  output.textContent = Number.isNaN(left) ? "?" : left.toLocaleString("en-US", style);
  output.classList.toggle("text-danger", !(left >= 0));
});

/* --- messages */
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast").remove();
});

function notify(text) {
  const toast = document.getElementById("toast-template").content.cloneNode(true);
  toast.querySelector("[data-text]").textContent = text;
  const messages = document.getElementById("messages");
  messages.append(toast);
  messages.classList.add("messages-live");
}

/* --- htmx */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const [name, value] of [...detail.formData]) {
    if (value === "") detail.formData.delete(name);
  }
});
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  const inWords = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  notify(inWords ? xhr.responseText : "The portal could not do that. Reload the page and try again.");
});
document.addEventListener("htmx:sendError", () => {
  notify("The portal cannot be reached. Check the connection and try again.");
});
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id === "messages") detail.target.classList.add("messages-live");
});
document.addEventListener("htmx:afterSettle", () => drawPlots());

/* --- plots: data from json_script, colors from the page */
function colorOf(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const brush = document.createElement("canvas").getContext("2d");
  brush.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  brush.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
  return `rgba(${r}, ${g}, ${b}, ${a / 255})`;
}

function library(canvas) {
  library.loaded ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = canvas.dataset.library;
    script.onload = resolve;
    document.head.append(script);
  });
  return library.loaded;
}

async function drawPlots() {
  for (const canvas of document.querySelectorAll("canvas[data-plot]")) {
    await library(canvas);
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, settings(canvas));
  }
}

function settings(canvas) {
  const { type, unit = "", stacked } = canvas.dataset;
  const { labels, datasets } = JSON.parse(document.getElementById(canvas.dataset.plot).textContent);
  const tones = ["blue", "green", "orange", "purple", "teal", "red"];
  const round = type === "doughnut" || type === "pie";
  const text = colorOf("--tblr-secondary");
  const write = (value) => unit + Number(value).toLocaleString("en-US");
  const axis = { stacked: stacked === "yes", border: { display: false }, ticks: { color: text } };
  const values = type === "bar-horizontal" ? "x" : "y";
  const scales = {
    x: { ...axis, grid: { display: values === "x", color: colorOf("--tblr-border-color") } },
    y: { ...axis, grid: { display: values === "y", color: colorOf("--tblr-border-color") } },
  };
  scales[values].ticks = { color: text, callback: write, maxTicksLimit: 7 };
  scales[values].beginAtZero = true;
  return {
    type: type === "bar-horizontal" ? "bar" : type,
    data: {
      labels,
      datasets: datasets.map((series, index) => {
        const color = round
          ? labels.map((_, at) => colorOf(`--tblr-${(series.tones ?? tones)[at % 6]}`))
          : colorOf(`--tblr-${series.tone ?? tones[index % 6]}`);
        return {
          ...series,
          backgroundColor: color,
          hoverBackgroundColor: color,
          borderColor: round ? colorOf("--tblr-bg-surface") : color,
          borderWidth: type === "line" || round ? 2 : 0,
          borderRadius: round ? 0 : 3,
          maxBarThickness: 36,
          pointRadius: 2,
          tension: 0.25,
        };
      }),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: values === "x" ? "y" : "x",
      interaction: { mode: "index", intersect: round },
      scales: round ? {} : scales,
      plugins: {
        legend: {
          display: round || datasets.length > 1,
          position: round ? "right" : "top",
          align: round ? "center" : "end",
          labels: { color: text, boxWidth: 12, boxHeight: 12 },
        },
        tooltip: {
          callbacks: {
            label: ({ dataset, raw, label }) => `${round ? label : dataset.label}: ${write(raw)}`,
          },
        },
      },
    },
  };
}

drawPlots();
