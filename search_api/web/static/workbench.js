// The query page with an editor: YASGUI on our endpoint, completion by label, answers with labels and local links.
// Without the editor (or without scripts) the plain form of the page does the work. Nothing is asked of other sites.
"use strict";

(() => {
  const config = JSON.parse(document.getElementById("workbench-config").textContent);
  const words = config.words;
  const form = document.querySelector(".sparql-form");
  const field = form.querySelector("textarea[name=query]");
  const editionChoice = document.getElementById("edition-choice");
  const SHOWN = 1000, BATCH = 500;
  let yasgui = null;

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const endpoint = () => {
    const edition = editionChoice ? editionChoice.value : config.edition;
    return `${location.origin}/sparql${edition ? `?edition=${edition}` : ""}`;
  };
  const fill = (text, from) => text.replace("{count}", from);

  // ---- answers

  // What an address is called, kept for the page's life: the table is drawn anew at each answer and each resizing,
  // and must not fall back to bare addresses meanwhile.
  const called = new Map();

  async function fetchLabels(iris) {
    const found = {};
    for (let start = 0; start < iris.length; start += BATCH) {
      const response = await fetch(`/api/v1/labels?lang=${config.lang}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ iris: iris.slice(start, start + BATCH) }),
      });
      if (response.ok) Object.assign(found, await response.json());
    }
    return found;
  }

  function cellOf(term, waiting) {
    const cell = make("td");
    if (!term) return cell;
    if (term.type === "uri") {
      const link = make("a", { href: term.value, textContent: term.value, title: term.value, rel: "nofollow noopener" });
      if (!/^https?:/.test(term.value)) link.removeAttribute("href");
      if (term.value.startsWith("https://w3id.org/meguri/") || term.value.startsWith(config.base)) {
        waiting.set(term.value, [...(waiting.get(term.value) || []), link]);
      }
      cell.append(link);
      return cell;
    }
    cell.textContent = term.value;
    if (term["xml:lang"]) cell.lang = term["xml:lang"];
    if (term.datatype) cell.title = term.datatype;
    return cell;
  }

  function nameLink(link, known) {
    link.textContent = known.label.text;
    if (known.label.lang) link.lang = known.label.lang;
    if (!known.path) return;
    const [path, fragment] = known.path.split("#");
    link.href = `${path}?lang=${config.lang}${fragment === undefined ? "" : `#${fragment}`}`;
  }

  function nameLinks(waiting) {
    for (const [iri, links] of waiting) {
      if (called.has(iri)) links.forEach((link) => nameLink(link, called.get(iri)));
    }
  }

  async function learnNames(waiting) {
    const unknown = [...waiting.keys()].filter((iri) => !called.has(iri));
    for (const [iri, known] of Object.entries(await fetchLabels(unknown))) called.set(iri, known);
    nameLinks(waiting);
  }

  class LabelledTable {
    constructor(yasr) {
      this.yasr = yasr;
      this.priority = 20;
      this.label = words.results;
    }
    canHandleResults() {
      return Boolean(this.yasr.results && this.yasr.results.getVariables() && this.yasr.results.getVariables().length);
    }
    getIcon() {
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("viewBox", "0 0 16 16");
      icon.setAttribute("aria-hidden", "true");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", "M1 2h14v12H1zM1 6h14M1 10h14M6 2v12");
      path.setAttribute("fill", "none");
      path.setAttribute("stroke", "currentColor");
      icon.append(path);
      return icon;
    }
    download(name) {
      return {
        contentType: "text/csv",
        getData: () => this.yasr.results.asCsv(),
        filename: `${name || "meguri"}.csv`,
        title: "CSV",
      };
    }
    draw() {
      const names = this.yasr.results.getVariables();
      const rows = (this.yasr.results.getBindings() || []).slice(0, SHOWN);
      const waiting = new Map();
      const head = make("tr", {}, ...names.map((name) => make("th", { textContent: name, scope: "col" })));
      const body = rows.map((row) => make("tr", {}, ...names.map((name) => cellOf(row[name], waiting))));
      nameLinks(waiting);
      const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
      const count = make("p", { className: "small quiet", textContent: fill(words.rows_shown, rows.length) });
      this.yasr.resultsEl.replaceChildren(count, make("div", { className: "sparql-table", tabIndex: 0 }, table));
      learnNames(waiting).catch(() => {});
    }
  }

  async function problemOf(error) {
    try {
      const problem = JSON.parse(error.text);
      if (!problem.message) return undefined;
      return make("div", { className: "sparql-problem" },
        make("strong", { textContent: problem.title }),
        make("p", { textContent: problem.message[config.lang] }),
        make("p", { textContent: problem.remedy[config.lang] }));
    } catch {
      return undefined;
    }
  }

  // ---- completion

  let vocabulary = null;
  const loadVocabulary = () => {
    vocabulary ||= fetch("/sparql/terms.json").then((response) => response.json());
    return vocabulary;
  };
  const typed = (yasqe) => {
    const cursor = yasqe.getDoc().getCursor();
    const before = yasqe.getDoc().getLine(cursor.line).slice(0, cursor.ch);
    const word = /[^\s{}()\[\].;,^|\/"'?$]*$/.exec(before)[0];
    return { word, start: cursor.ch - word.length, before: before.slice(0, before.length - word.length), cursor };
  };
  const rank = ([name, ja, en], word) => {
    const texts = [name.split(":").pop().toLowerCase(), ja.toLowerCase(), en.toLowerCase()];
    if (texts.some((text) => text === word)) return 0;
    if (texts.some((text) => text.startsWith(word)) || name.toLowerCase().startsWith(word)) return 1;
    return texts.some((text) => text.includes(word)) ? 2 : 3;
  };
  const completer = {
    name: "meguri",
    bulk: false,
    autoShow: false,
    isValidCompletionPosition(yasqe) {
      const { word, before } = typed(yasqe);
      return word.length > 0 && !/[?$"'#]$/.test(before) && !/^\s*prefix\b/i.test(before);
    },
    preProcessToken(yasqe, token) {
      const { word, start, cursor } = typed(yasqe);
      return { ...token, autocompletionString: word, from: { ch: start }, to: { ch: cursor.ch } };
    },
    async get(yasqe) {
      const word = typed(yasqe).word.replace(/^</, "").toLowerCase();
      const { terms } = await loadVocabulary();
      const ranked = terms.map((term) => [rank(term, word), term]).filter(([order]) => order < 3);
      ranked.sort((one, other) => one[0] - other[0] || one[1][0].length - other[1][0].length);
      return ranked.slice(0, 60).map(([, term]) => term[0]);
    },
    postprocessHints(yasqe, hints) {
      return loadVocabulary().then(({ prefixes, terms }) => {
        const byName = new Map(terms.map((term) => [term[0], term]));
        return hints.map((hint) => {
          const [name, ja, en] = byName.get(hint.text) || [hint.text, "", ""];
          const label = config.lang === "ja" ? [ja, en] : [en, ja];
          const pick = (editor, data, chosen) => {
            editor.replaceRange(chosen.text, chosen.from || data.from, chosen.to || data.to, "complete");
            const prefix = name.split(":")[0];
            if (!name.startsWith("<") && prefixes[prefix]) yasqe.addPrefixes({ [prefix]: prefixes[prefix] });
          };
          return { ...hint, displayText: `${label.filter(Boolean).join(" / ")}  ${name}`, hint: pick };
        });
      });
    },
  };

  // ---- the editor's own words, which it has in English only

  const fixed = new Map(), patterns = [];
  for (const [english, said] of Object.entries(config.editor_words)) {
    if (!english.includes("{}")) fixed.set(english, said);
    else patterns.push([new RegExp(`^${english.split("{}").join("(.+)")}$`), said]);
  }
  function translated(text) {
    const word = text.trim();
    if (fixed.has(word)) return fixed.get(word);
    for (const [pattern, said] of patterns) {
      const found = pattern.exec(word);
      if (found) return found.slice(1).reduce((whole, part) => whole.replace("{}", translated(part)), said);
    }
    return text;
  }
  const ATTRIBUTES = ["title", "aria-label", "placeholder"];
  const OTHERS = ".CodeMirror, td, th, pre, .sparql-problem, .tab > a";  // what is of the user's, or of the answer

  function translate(root) {
    const put = (node) => {
      const said = translated(node.data);
      if (said !== node.data) node.data = said;
    };
    if (root.nodeType === Node.TEXT_NODE) {
      if (root.parentElement && !root.parentElement.closest(OTHERS)) put(root);
      return;
    }
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    for (const element of [root, ...root.querySelectorAll("*")]) {
      for (const name of ATTRIBUTES) {
        const text = element.getAttribute(name);
        if (text && translated(text) !== text) element.setAttribute(name, translated(text));
      }
      if (element.closest(OTHERS)) continue;
      for (const child of element.childNodes) if (child.nodeType === Node.TEXT_NODE) put(child);
    }
  }
  function keepTranslated(place) {
    if (!fixed.size) return;
    translate(place);
    const observer = new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === "childList") change.addedNodes.forEach(translate);
        else translate(change.target);
      }
    });
    observer.observe(place, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES });
  }

  // ---- the editor in place of the form

  function startEditor(Yasgui) {
    const place = make("div", { id: "yasgui" });
    form.hidden = true;
    document.querySelectorAll(".sparql-answer, .sparql-problem, .sparql-plain").forEach((part) => { part.hidden = true; });
    form.after(place);
    // settings that Yasgui does not pass on, or would merge with its own: only these two completers may be left,
    // since the editor's others ask services elsewhere
    Yasgui.Yasqe.defaults.autocompleters = ["variables"];
    Yasgui.Yasqe.registerAutocompleter(completer);
    Yasgui.Yasr.registerPlugin("meguri", LabelledTable);
    Object.assign(Yasgui.Yasr.defaults, {
      pluginOrder: ["meguri", "boolean", "response"],
      defaultPlugin: "meguri",
      errorRenderers: [problemOf],
    });
    yasgui = new Yasgui(place, {
      persistenceId: "meguri_sparql",
      populateFromUrl: false,
      copyEndpointOnNewTab: true,
      tabName: words.query_tab,
      endpointCatalogueOptions: { getData: () => [{ endpoint: endpoint() }] },
      requestConfig: { endpoint: endpoint(), method: "POST", headers: () => ({ "Accept-Language": config.lang }) },
      yasqe: { value: field.value },
      yasr: { prefixes: {} },
    });
    keepTranslated(place);
    const tab = yasgui.getTab();
    tab.setEndpoint(endpoint());
    if (config.asked) show(field.value, true);
    place.addEventListener("keydown", (event) => event.stopPropagation());
  }

  function show(query, run) {
    if (!yasgui) {
      field.value = query;
      field.focus();
      return;
    }
    const tab = yasgui.getTab();
    tab.setQuery(query);
    tab.setEndpoint(endpoint());
    if (run) tab.query().catch(() => {});
  }

  const currentQuery = () => (yasgui ? yasgui.getTab().getYasqe().getValue() : field.value);

  document.querySelectorAll("[data-example]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(config.examples[link.dataset.example], false);
      document.querySelector("#yasgui, .sparql-form:not([hidden])").scrollIntoView({ block: "start" });
    });
  });
  if (editionChoice) editionChoice.addEventListener("change", () => { if (yasgui) yasgui.getTab().setEndpoint(endpoint()); });

  const cite = document.getElementById("cite-query");
  if (cite) {
    cite.hidden = false;
    cite.addEventListener("click", async () => {
      const edition = editionChoice && editionChoice.value ? Number(editionChoice.value) : null;
      const response = await fetch("/q", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept-Language": config.lang },
        body: JSON.stringify({ query: currentQuery(), edition }),
      });
      const body = await response.json();
      const link = make("a", { href: `/q/${body.hash}`, textContent: body.url });
      const said = response.ok ? make("span", {}, words.cite_done, " ", link) : make("span", { textContent: body.detail });
      document.getElementById("cited").replaceChildren(said);
    });
  }

  const Yasgui = window.Yasgui && (window.Yasgui.default || window.Yasgui);
  if (config.editor && Yasgui) startEditor(Yasgui);
})();
