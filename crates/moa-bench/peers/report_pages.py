"""The same report as HTML, printed by WeasyPrint and by Chromium.

Usage: report_pages.py FOLDER REPEAT [CHROMIUM]     FOLDER holds document.json, as `moa-bench pdf` leaves it
"""

import html
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import time

folder, repeat = pathlib.Path(sys.argv[1]), int(sys.argv[2])
chromium = sys.argv[3] if len(sys.argv) > 3 else None
document = json.loads((folder / "document.json").read_text())
FONT = pathlib.Path(__file__).resolve().parents[3] / "node_modules/pretendard/dist/public/static/alternative"
KEYS = ["impressions", "clicks", "ctr", "cpc", "cost", "conversions", "cpa", "revenue", "roas"]


def shown(value):
    return "–" if value is None else f"{float(value):,.2f}"


def row(name, figures):
    return f"<tr><th>{html.escape(name)}</th>" + "".join(f"<td>{shown(figures.get(key))}</td>" for key in KEYS) + "</tr>"


def line(points, colour):
    top = max(points) or 1
    path = " ".join(f"{index * 500 / max(len(points) - 1, 1):.1f},{100 - value * 95 / top:.1f}" for index, value in enumerate(points))
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


section = document["sections"][0]
faces = "".join(
    f"@font-face{{font-family:Pretendard;font-weight:{weight};src:url('{(FONT / f'Pretendard-{name}.ttf').as_uri()}')}}"
    for weight, name in ((400, "Regular"), (600, "SemiBold"), (700, "Bold"))
)
days = [day["figures"] for day in section["daily"] if day["figures"]]
page = f"""<!doctype html><html lang="ko"><meta charset="utf-8"><title>report</title><style>{faces}
@page{{size:A4;margin:14mm}} body{{font:9pt Pretendard}} table{{border-collapse:collapse;width:100%;font-size:7.5pt}} thead{{display:table-header-group}}
tr{{break-inside:avoid}} td{{text-align:right;font-variant-numeric:tabular-nums;padding:4.5pt 3pt;border-bottom:.5pt solid #ddd}}
th{{text-align:left;max-width:150pt;overflow:hidden;white-space:nowrap}} .card{{display:inline-block;width:22%;margin:1%;padding:8pt;border:1pt solid #ddd}}
</style><h1>{html.escape(document["client"]["name"])}</h1><p>{document["period"]["from"]} – {document["period"]["to"]}</p>
<div>{"".join(f'<div class="card"><b>{key}</b><br>{shown(section["totals"].get(key))}</div>' for key in KEYS)}</div>
<svg viewBox="0 0 500 100" width="100%">{line([float(day["cost"]) for day in days], "#2563eb")}</svg>
<svg viewBox="0 0 500 100" width="100%">{line([float(day["revenue"] or 0) for day in days], "#16a34a")}</svg>
<h2>Channels</h2><table>{"".join(row(channel["channel"], channel["figures"]) for channel in section["channels"])}</table>
<h2>Campaigns</h2><table><thead><tr><th></th>{"".join(f"<td>{key}</td>" for key in KEYS)}</tr></thead>
{"".join(row(campaign["name"], campaign["figures"]) for campaign in section["campaigns"])}</table></html>"""
source = folder / "report.html"
source.write_text(page)


def measured(work, who):
    times = []
    for _ in range(repeat + 1):
        before, begun = resource.getrusage(who), time.perf_counter()
        work()
        after = resource.getrusage(who)
        times.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - begun))
    # The first is the warm-up.
    return {"cpu_ms": statistics.median(t[0] for t in times[1:]) * 1000, "wall_ms": statistics.median(t[1] for t in times[1:]) * 1000}


def told(peer, figures, made):
    print(json.dumps({"bench": "pdf", "peer": peer, **figures, "bytes": made.stat().st_size}), flush=True)


if chromium:
    made = folder / "chromium.pdf"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", f"--user-data-dir={folder / 'chromium'}", "--no-pdf-header-footer"]
    command = [chromium, *flags, f"--print-to-pdf={made}", source.as_uri()]
    told("chromium", measured(lambda: subprocess.run(command, check=True, capture_output=True), resource.RUSAGE_CHILDREN), made)

import weasyprint  # noqa: E402  after Chromium, whose time must not hold this import

made = folder / "weasyprint.pdf"
told("weasyprint", measured(lambda: weasyprint.HTML(str(source)).write_pdf(str(made)), resource.RUSAGE_SELF), made)
