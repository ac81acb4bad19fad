/* SPDX-License-Identifier: MIT OR Apache-2.0 */
"use strict";
(function () {
  const ON_SCREEN = 100; // rows in the document at a time: sorting 100,000 rows must not build 100,000 elements
  const ON_PAPER = 500; // rows of each table, from the first row on screen: the same number as without a script
  const collator = new Intl.Collator("en", { numeric: true }); // a new one for each comparison takes seconds
  let size = ON_SCREEN;

  function rowsOf(table) {
    const data = document.getElementById("data-" + table.dataset.id);
    if (data) {
      return JSON.parse(data.textContent).map((row) => row.map((cell) => (cell === null ? "" : String(cell))));
    }
    return Array.from(table.tBodies[0].rows, (row) => Array.from(row.cells, (cell) => cell.textContent));
  }

  function compare(kind, column, direction) {
    return function (a, b) {
      const x = a[column];
      const y = b[column];
      const order = kind === "n" ? Number(x) - Number(y) : collator.compare(x, y);
      return direction * order;
    };
  }

  // A link to the table of hosts that searches for the address.
  function linkHost(cell, address) {
    const link = document.createElement("a");
    link.href = "#hosts";
    link.dataset.host = address;
    link.appendChild(document.createElement("code")).textContent = address;
    cell.replaceChildren(link);
  }

  function searchHost(event) {
    const link = event.target.closest("a[data-host]");
    const search = document.querySelector('input[aria-label="Search in: Hosts"]');
    if (link && search) {
      search.value = link.dataset.host;
      search.dispatchEvent(new Event("input"));
    }
  }

  function fill(row, cells, kinds) {
    cells.forEach((text, i) => {
      const cell = row.insertCell();
      if (kinds[i] === "a" && text !== "") {
        linkHost(cell, text);
      } else if (kinds[i] === "c") {
        cell.appendChild(document.createElement("code")).textContent = text;
      } else {
        cell.textContent = text;
      }
      if (kinds[i] === "n") {
        cell.className = "number";
      }
    });
  }

  function button(text, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  }

  function enhance(table) {
    const all = rowsOf(table);
    const kinds = table.dataset.kinds;
    const title = document.getElementById("h-" + table.dataset.id).firstChild.textContent.trim();
    let shown = all;
    let first = 0;

    function draw() {
      const body = document.createElement("tbody");
      shown.slice(first, first + size).forEach((cells) => fill(body.insertRow(), cells, kinds));
      table.replaceChild(body, table.tBodies[0]);
      state.textContent = shown.length === 0 ? "no row" :
        (first + 1) + " to " + Math.min(first + size, shown.length) + " of " + shown.length;
      back.disabled = first === 0;
      next.disabled = first + size >= shown.length;
    }

    const search = document.createElement("input");
    search.type = "search";
    search.placeholder = "Search";
    search.setAttribute("aria-label", "Search in: " + title);
    search.addEventListener("input", function () {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      shown = all.filter((row) => {
        const text = row.join(" ").toLowerCase();
        return words.every((word) => text.includes(word));
      });
      first = 0;
      draw();
    });
    const state = document.createElement("output");
    const back = button("Back", function () { first -= size; draw(); });
    const next = button("Next", function () { first += size; draw(); });
    back.setAttribute("aria-label", "Previous rows of: " + title);
    next.setAttribute("aria-label", "Next rows of: " + title);

    Array.from(table.tHead.rows[0].cells, function (head, column) {
      const sort = button(head.textContent, function () {
        const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        Array.from(table.tHead.rows[0].cells, (other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
        all.sort(compare(kinds[column], column, direction));
        if (shown !== all) {
          shown.sort(compare(kinds[column], column, direction));
        }
        first = 0;
        draw();
      });
      head.textContent = "";
      head.appendChild(sort);
    });

    if (all.length > 10) {
      const tools = document.createElement("div");
      tools.className = "tools";
      tools.append(search, state);
      if (all.length > ON_SCREEN) {
        tools.append(back, next);
      }
      table.parentNode.before(tools);
    }
    window.addEventListener("beforeprint", function () { size = ON_PAPER; draw(); });
    window.addEventListener("afterprint", function () { size = ON_SCREEN; draw(); });
    draw();
  }

  document.querySelectorAll(".noscript").forEach((note) => note.remove());
  document.querySelectorAll("table:not([data-links])").forEach(enhance);
  document.querySelectorAll("table[data-links]").forEach(function (table) { // short tables that cannot be sorted
    const column = table.dataset.kinds.indexOf("a");
    Array.from(table.tBodies[0].rows, (row) => row.cells[column])
      .filter((cell) => cell.textContent !== "").forEach((cell) => linkHost(cell, cell.textContent));
  });
  document.addEventListener("click", searchHost);
})();
