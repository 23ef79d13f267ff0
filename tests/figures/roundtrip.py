#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Figures through the programs that read them.

  roundtrip.py FORMAT PKTLADDER FIGURE_WORDS FOLDER

Draws every file of captures/, in English and Spanish, and the figures that
FIGURE_WORDS makes of dangerous texts, has the format's own parser render them,
and looks for each text in what was rendered: it must be there unchanged, and as
often as the figure has it. Exit status 77: the parser is not installed.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from html.parser import HTMLParser

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import common  # noqa: E402
from common import SOURCE, skip  # noqa: E402

FORMAT, PROGRAM, WORDS = sys.argv[1:4]
FOLDER = pathlib.Path(sys.argv[4]) / FORMAT
MERMAID = "mermaid@11.17.0"  # its facts were measured with this one
CHROMIUM = next(filter(shutil.which, ["chromium", "chromium-browser", "google-chrome"]), None)


def run(*words, **more):
    done = subprocess.run(words, capture_output=True, **{"timeout": 500, **more})
    if done.returncode:
        sys.exit(f"{words[0]} ended with {done.returncode}:\n{done.stdout.decode(errors='replace')[-3000:]}\n"
                 f"{done.stderr.decode(errors='replace')[-3000:]}")
    return done.stdout.decode()


# What must come out: pairs of kind and text of each figure.

def texts_of_json(document):
    texts = [(kind, document[kind]) for kind in ("title", "caption") if kind in document]
    texts += [("lane", lane) for lane in document["lanes"]]
    for row in document["rows"]:
        if "label" in row:
            texts.append(("label", row["label"]))
        for cell in row["cells"]:
            texts += [(kind, cell[kind]) for kind in ("call", "state") if kind in cell]
    return texts


def capture_cases():
    """Each capture as it is, folded, in Spanish, with payload; and a name full of markup."""
    ways = {"plain": [], "fold": ["--fold"], "es": [], "payload": ["--excerpt", "40"],
            "named": ["--title", "a|b & *c* <d> \"e\"; #f", "--caption", "100% _x_ $y$ \\z"]}
    for capture in sorted((SOURCE / "captures").glob("*.pcapng")):
        for way, words in ways.items():
            name = f"{capture.stem}-{way}"
            env = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "",
                   **(common.spanish_locale() if way == "es" else {})}
            draw = [PROGRAM, "figure", capture, "--time", "none", *words, "--format"]
            run(*draw, FORMAT, "-o", FOLDER / f"{name}.{FORMAT}", env=env)
            if FORMAT == "latex":
                run(*draw, "tikz", "-o", FOLDER / f"{name}.tikz", env=env)
            yield name, texts_of_json(json.loads(run(*draw, "json", env=env)))


def word_cases():
    run(WORDS, FOLDER)
    for path in sorted(FOLDER.glob("*.words")):
        pairs = [line.split("\t") for line in path.read_text().split("\n") if line]
        yield path.stem, [tuple(pair) for pair in pairs]


# The parsers: each gives, for a list of names, the texts that were rendered.

def svg_texts(path):
    texts = []
    for element in xml.etree.ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text"):
        text = "".join(element.itertext())
        # mscgen puts each text on a line of its own
        texts.append((text.strip("\n") if FORMAT == "mscgen" else text).replace("\xa0", " "))
    return texts


PAGE = """<!doctype html><meta charset="utf-8"><body><div id="place"></div><pre id="out"></pre>
<script src="mermaid.min.js"></script><script src="figures.js"></script><script>
mermaid.initialize({ startOnLoad: false });
(async () => {
	const out = {};
	for (const name of Object.keys(figures)) {
		try {
			document.getElementById("place").innerHTML =
				(await mermaid.render("figure", figures[name])).svg;
			out[name] = [...document.querySelectorAll("#place text")].flatMap(text => {
				const lines = [...text.querySelectorAll("tspan")];
				return (lines.length ? lines : [text]).map(line => line.textContent);
			});
		} catch (error) {
			out[name] = "" + error;
		}
	}
	document.getElementById("out").textContent = "figures:" + btoa(encodeURIComponent(JSON.stringify(out)));
})();
</script>"""


def mermaid_fetch():
    """mermaid.min.js out of its package, once."""
    script = FOLDER.parent / "mermaid.min.js"
    if script.exists():
        return script
    name = MERMAID.replace("@", "-") + ".tgz"
    getters = [["npm", "pack", "--silent", MERMAID],
               ["curl", "-fsSL", "-m", "300", "-o", name, f"https://registry.npmjs.org/mermaid/-/{name}"]]
    told = []
    for words in getters:  # npm knows of a mirror, where there is one
        if shutil.which(words[0]) and not (FOLDER / name).exists():
            done = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, timeout=310)
            told.append(f"{words[0]}: {done.stderr.strip()[-300:]}")
    if not (FOLDER / name).exists():
        skip(f"{MERMAID} is not to be had from npm's registry: {'; '.join(told) or 'neither npm nor curl'}")
    run("tar", "-xzf", name, "package/dist/mermaid.min.js", cwd=FOLDER)
    (FOLDER / "package/dist/mermaid.min.js").rename(script)
    return script


def render_mermaid(names):
    import base64
    import urllib.parse
    if not CHROMIUM:
        skip("chromium is not installed")
    shutil.copy(mermaid_fetch(), FOLDER)
    figures = {name: (FOLDER / f"{name}.mermaid").read_text() for name in names}
    too_long = [name for name, text in figures.items() if len(text) > 50000]
    assert too_long == ["long"], too_long
    assert "%% longer than maxTextSize" in figures.pop("long")
    (FOLDER / "figures.js").write_text("const figures = " + json.dumps(figures))
    (FOLDER / "page.html").write_text(PAGE)
    dom = run(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=500000",
              f"--user-data-dir={FOLDER}/profile", "--dump-dom", f"file://{FOLDER}/page.html")
    found = re.search(r"figures:([A-Za-z0-9+/=]+)", dom)
    if not found:
        sys.exit("the page did not come to its end")
    rendered = json.loads(urllib.parse.unquote(base64.b64decode(found.group(1)).decode()))
    return {name: texts if isinstance(texts, str) else [text.replace("\xa0", " ") for text in texts]
            for name, texts in rendered.items()}


def render_plantuml(names):
    if not shutil.which("plantuml"):
        skip("plantuml is not installed")
    # It takes its time: of the words, each fourth figure, whose title, caption and lanes are others.
    names = [name for name in names if name not in ("long", "nothing") and
             not (name.startswith("words-") and int(name[6:]) % 4)]
    paths = [str(FOLDER / f"{name}.plantuml") for name in names]
    run("plantuml", "-tsvg", "-charset", "UTF-8", *paths, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return {pathlib.Path(path).stem: svg_texts(pathlib.Path(path).with_suffix(".svg")) for path in paths}


def render_mscgen(names):
    if not shutil.which("mscgen"):
        skip("mscgen is not installed")
    rendered = {}
    for name in names:
        picture = FOLDER / f"{name}.svg"
        run("mscgen", "-T", "svg", "-i", FOLDER / f"{name}.mscgen", "-o", picture)
        rendered[name] = svg_texts(picture)
    return rendered


DOCUMENT = r"""\documentclass[tikz,border=4mm]{standalone}
\usepackage[T1]{fontenc}\usepackage{lmodern}
\input{glyphtounicode}\pdfgentounicode=1
\begin{document}
%s\end{document}
"""


def render_latex(names):
    """The pictures of all figures as pages of one document; and one document of its own."""
    if not shutil.which("pdflatex") or not shutil.which("pdftotext"):
        skip("pdflatex (texlive-latex-base, -latex-extra, -pictures, lmodern) or pdftotext "
             "(poppler-utils) is not installed")
    latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error"]
    names = [name for name in names if name != "long"]
    (FOLDER / "all.tex").write_text(DOCUMENT % "".join(f"\\input{{{name}.tikz}}\n" for name in names))
    for file in ("all.tex", "long.latex", "tcp-plain.latex"):
        run(*latex, file, cwd=FOLDER)
    pages = run("pdftotext", "-layout", "all.pdf", "-", cwd=FOLDER).split("\f")
    assert len(pages) == len(names) + 1, (len(pages), len(names))
    pages[names.index("tcp-plain")] += run("pdftotext", "-layout", "tcp-plain.pdf", "-", cwd=FOLDER)
    long = run("pdftotext", "-layout", "long.pdf", "-", cwd=FOLDER)
    assert long.count("\f") == 10 and long.count("12 B") == 5000, "the long figure is not whole"
    return {name: page for name, page in zip(names, pages)}


class Tables(HTMLParser):
    """The texts of cells and paragraphs."""
    def __init__(self):
        super().__init__()
        self.texts, self.text, self.tags = [], None, []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag in ("td", "th", "p"):
            self.text = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th", "p") and self.text is not None:
            self.texts.append(self.text.replace("\xa0", " "))
            self.text = None

    def handle_data(self, data):
        if self.text is not None:
            self.text += data


def render_markdown(names):
    if not shutil.which("cmark-gfm"):
        skip("cmark-gfm is not installed")
    rendered = {}
    for name in names:
        notes = "---\ntitle: notes\n---\n\n# Notes\n\n" + (FOLDER / f"{name}.markdown").read_text()
        reader = Tables()
        page = run("cmark-gfm", "-e", "table", "-e", "strikethrough", "-e", "tasklist", "-e", "footnotes",
                   "-e", "autolink",
                   input=notes.encode())
        reader.feed(page)
        others = set(reader.tags) - {"table", "thead", "tbody", "tr", "th", "td", "p", "strong", "h1", "h2", "hr"}
        assert not others, f"{name}: the text became {others}"
        rendered[name] = reader.texts
    return rendered


def render_json(names):
    schema = json.loads((SOURCE / "docs/ladder.schema.json").read_text())
    try:
        import jsonschema
    except ImportError:
        skip("python3-jsonschema is not installed")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    rendered = {}
    for name in names:
        document = json.loads((FOLDER / f"{name}.json").read_text())
        errors = list(validator.iter_errors(document)) if name != "long" else []
        assert not errors, f"{name}: {errors[0]}"
        rendered[name] = [text for _, text in texts_of_json(document)]
    return rendered


# Looking for the texts.

def plain(text):
    """A PDF has no spaces, only distances."""
    text = "".join(c if ord(c) < 0x100 else f"[U+{ord(c):04X}]" for c in text)
    return "".join(text.split())


def in_page(texts, page):
    page = plain("".join(c for c in page if c != "\f"))
    return [text for text, n in texts.items() if page.count(plain(text)) < n]


def as_mscgen(text):
    """There is no escape for a backslash that would begin one."""
    return re.sub(r'\\(?=[n"\\]|$)', "\u2216", text)


def cell_texts(cell, lanes, states):
    """What a cell may say besides lanes, arrows and marks, and the state at its end."""
    cell = re.sub(r"^(<--|---) (.*) (---|-->)$", r"\2", cell, flags=re.S)
    name = max((lane for lane in lanes if cell.startswith(lane + ": ")), key=len, default=None)
    if len(lanes) > 2 and name:
        cell = cell[len(name) + 2:]
    texts = {cell, re.sub(r"^[|V] ", "", cell)}
    state = next((s for s in states if cell == s or cell.endswith(" " + s)), None)
    if state:
        texts |= {text.removesuffix(state).removesuffix(" ") for text in texts} | {state}
    return texts


def missing_of(pairs, rendered):
    if isinstance(rendered, str) and FORMAT != "latex":
        return [rendered]
    texts = collections.Counter(text for _, text in pairs if text)
    if FORMAT == "latex":
        return in_page(texts, rendered)
    if FORMAT == "mscgen":
        texts = collections.Counter({as_mscgen(text): n for text, n in texts.items()})
    if FORMAT != "markdown":
        return list((texts - collections.Counter(rendered)).elements())
    states = {text for kind, text in pairs if kind == "state"}
    lanes = [text for kind, text in pairs if kind == "lane"]
    there = collections.Counter()
    for cell in rendered:
        there.update(cell_texts(cell, lanes, states))
    if len(lanes) > 2:
        texts -= collections.Counter(lanes)  # they are named in each row
    return list((texts - there).elements())


shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir(parents=True)
cases = dict(capture_cases()) | dict(word_cases())
rendered = globals()[f"render_{FORMAT}"](list(cases))
failed = n_texts = 0
for name, pairs in cases.items():
    if name not in rendered:
        continue
    n_texts += len(pairs)
    missing = missing_of(pairs, rendered[name])
    if missing:
        failed += 1
        if failed <= 12:
            print(f"{name}: {len(missing)} of {len(pairs)} texts are not there: {missing[:4]}")
print(f"{len(rendered)} figures, {n_texts} texts, {failed} figures with losses")
sys.exit(bool(failed) or len(rendered) < 40)
