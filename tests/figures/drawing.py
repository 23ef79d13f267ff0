# SPDX-License-Identifier: MIT
"""What a drawn figure has to hold: an XML parser reads it, arrows touch their
lifelines, and, measured in Chromium, no text stands on another one or outside."""
import json
import math
import pathlib
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Runs in the browser. A box is the text's own one, turned as the text is; the
# four corners of two of them are compared by the separating axes.
SCRIPT = """
function corners(text) {
  const box = text.getBBox(), matrix = text.getCTM(), shrink = 0.6;
  const x = box.x + shrink, y = box.y + shrink;
  const x2 = box.x + box.width - shrink, y2 = box.y + box.height - shrink;
  return [[x, y], [x2, y], [x2, y2], [x, y2]].map(([a, b]) =>
    [matrix.a * a + matrix.c * b + matrix.e, matrix.b * a + matrix.d * b + matrix.f]);
}
function apart(one, two) {
  for (const shape of [one, two])
    for (let i = 0; i < 2; i++) {
      const [ax, ay] = shape[i], [bx, by] = shape[i + 1], nx = by - ay, ny = ax - bx;
      const project = points => points.map(([x, y]) => x * nx + y * ny);
      const p = project(one), q = project(two);
      if (Math.max(...p) < Math.min(...q) || Math.max(...q) < Math.min(...p)) return true;
    }
  return false;
}
function look(name, source) {
  const host = document.body.appendChild(document.createElement("div"));
  const shadow = host.attachShadow({mode: "open"});
  shadow.innerHTML = source;
  const svg = shadow.querySelector("svg"), view = svg.viewBox.baseVal, found = [];
  svg.setAttribute("width", view.width);
  svg.setAttribute("height", view.height);
  const texts = [...svg.querySelectorAll("text")].map(text => {
    const points = corners(text), xs = points.map(p => p[0]), ys = points.map(p => p[1]);
    return {text: text.textContent, points, top: Math.min(...ys), bottom: Math.max(...ys),
            left: Math.min(...xs), right: Math.max(...xs)};
  }).sort((a, b) => a.top - b.top);
  texts.forEach((one, i) => {
    if (one.right - one.left <= 0 && one.text.trim()) found.push(`not drawn: ${one.text}`);
    if (one.left < 0 || one.right > view.width || one.top < 0 || one.bottom > view.height)
      found.push(`outside: ${one.text}`);
    for (let j = i + 1; j < texts.length && texts[j].top < one.bottom; j++)
      if (!apart(one.points, texts[j].points)) found.push(`${one.text} | ${texts[j].text}`);
  });
  host.remove();
  return {name, texts: texts.length, found: found.slice(0, 5)};
}
const pages = JSON.parse(document.getElementById("pages").textContent);
document.getElementById("result").textContent =
  JSON.stringify(pages.map(([name, source]) => look(name, source)));
"""


def measure(figures):
    """[(name, svg)] => [{name, texts, found}], in one run of the browser."""
    pages = json.dumps([(name, re.sub(r"^<\?xml.*?\?>\s*", "", svg)) for name, svg in figures])
    pages = pages.replace("</", "<\\/").replace("<!--", "<\\!--")
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text(f'<!doctype html><meta charset="utf-8"><body>'
                        f'<script type="application/json" id="pages">{pages}</script>'
                        f'<pre id="result"></pre><script>{SCRIPT}</script>', encoding="utf-8")
        run = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
                              f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()],
                             capture_output=True, text=True, timeout=300)
    found = re.search(r'<pre id="result">(.+?)</pre>', run.stdout, re.S)
    if not found:
        raise RuntimeError(f"no result from {CHROMIUM}: {run.stderr[-2000:]}")
    text = found.group(1)
    for entity, character in ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"):
        text = text.replace(entity, character)
    return json.loads(text)


def numbers(path):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]


def lifelines(root):
    """x, top, bottom of each."""
    return [tuple(numbers(line.get("d"))) for line in root.iter(SVG + "path")
            if line.get("class") == "lifeline"]


def arrows_untrue(root):
    """Arrows whose tail or tip is on no lifeline, or whose line misses its head."""
    lines, wrong = lifelines(root), []
    for row in root.iter(SVG + "g"):
        head = next((p for p in row.findall(SVG + "path") if p.get("class") == "head"), None)
        if head is None:
            continue
        x, y, *sides = numbers(head.get("d"))
        stroke = numbers(next(p for p in row.findall(SVG + "path") if p.get("class") == "line").get("d"))
        tail_x = stroke[0]
        on = lambda at: any(abs(at - lx) < 2.1 for lx, _, _ in lines)
        if not any(abs(x - lx) < 0.11 and top <= y <= bottom for lx, top, bottom in lines):
            wrong.append(f"tip {x},{y}")
        if not on(tail_x) or abs(tail_x - x) < 20:
            wrong.append(f"tail {tail_x}")
        base = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
        if math.hypot(stroke[-2] - base[0], stroke[-1] - base[1]) > 3.5:
            wrong.append(f"line ends {stroke[-2:]} before its head {base}")
    return wrong


def texts(root, name):
    return ["".join(text.itertext()) for text in root.iter(SVG + "text")
            if name in (text.get("class") or "").split()]
