// Filters the findings. Everything is there without it.
"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const shown = document.getElementById("shown");
  const findings = [...document.querySelectorAll("article.finding")];
  const texts = new Map();
  const keys = ["severity", "rule", "principal", "certainty"];

  const text = (finding) => {
    if (!texts.has(finding)) texts.set(finding, finding.textContent.toLowerCase());
    return texts.get(finding);
  };

  const apply = () => {
    const wanted = keys.map((key) => [key, form.elements[key].value]).filter(([, value]) => value);
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const finding of findings) {
      const isMeant = wanted.every(([key, value]) => finding.dataset[key] === value)
        && words.every((word) => text(finding).includes(word));
      finding.hidden = !isMeant;
      if (isMeant) count += 1;
    }
    const all = findings.length === 1 ? "1 finding" : `${findings.length.toLocaleString("en")} findings`;
    shown.textContent = count === findings.length ? `${all}.` : `${count.toLocaleString("en")} of ${all} shown.`;
  };

  let waiting = 0;
  const applySoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 100);
  };

  // A link to a finding that is filtered out shows it all the same.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.hidden) return;
    form.reset();
    apply();
    target.scrollIntoView();
  };

  form.addEventListener("input", applySoon);
  form.addEventListener("reset", applySoon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  addEventListener("hashchange", reveal);
  for (const link of document.querySelectorAll("a[data-principal]")) {
    link.addEventListener("click", () => {
      form.reset();
      form.elements.principal.value = link.dataset.principal;
      apply();
    });
  }
  form.hidden = false;
})();
