"""The figures as a chart: bars for each measure, the better of the other servers being 1. Legible on light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from measure.compare import Figures, ratio
from measure.subjects import SUBJECTS

_WIDTH = 760
_LEFT, _RIGHT = 190, 60
_BAR, _GAP, _TOP = 12, 16, 60
_COLOURS = ("#8b949e", "#6e7781", "#2f81f7", "#a371f7", "#3fb950")
_MOST = 4.0
"""Longer bars are cut, and their number says how long they are."""
_STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 14px }
.axis { stroke: #1f2328; stroke-opacity: .35 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { stroke: #e6edf3 } }"""


def chart(all_figures: Figures, names: Sequence[str]) -> str:
    """An SVG document."""
    rows: list[str] = []
    shown = [measure for measure in _LABELS if any(ratio(all_figures, measure, name) for name in names)]
    most = min(
        _MOST, max((ratio(all_figures, m, n) or 0.0 for m in shown for n in names), default=1.0) * 1.02
    )
    scale = (_WIDTH - _LEFT - _RIGHT) / max(1.0, most)
    y = _TOP
    for measure in shown:
        start = y
        for index, name in enumerate(names):
            times = ratio(all_figures, measure, name)
            if times is None:
                continue
            length = min(times, most) * scale
            rows.append(
                f'<rect x="{_LEFT}" y="{y}" width="{length:.1f}" height="{_BAR - 2}" rx="2" '
                f'fill="{_COLOURS[index % len(_COLOURS)]}"/>'
                f'<text x="{_LEFT + length + 5:.1f}" y="{y + 9}">{times:.2f}</text>'
            )
            y += _BAR
        label = escape(_LABELS[measure])
        rows.append(f'<text x="{_LEFT - 8}" y="{(start + y) / 2 + 4:.1f}" text-anchor="end">{label}</text>')
        y += _GAP
    legend, x = [], 12
    for index, name in enumerate(names):
        text = SUBJECTS[name].text
        legend.append(
            f'<rect x="{x}" y="32" width="10" height="10" rx="2" fill="{_COLOURS[index % len(_COLOURS)]}"/>'
            f'<text x="{x + 15}" y="41">{escape(text)}</text>'
        )
        x += 34 + len(text) * 6
    axis = _LEFT + scale
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}" '
            'role="img" aria-label="evchat beside ngircd and InspIRCd">',
            f"<style>{_STYLE}</style>",
            '<text x="12" y="20" class="title">Deliveries, joins and connections for the same CPU time and memory '
            "(the better other server: 1)</text>",
            *legend,
            *rows,
            f'<line class="axis" x1="{axis:.1f}" x2="{axis:.1f}" y1="{_TOP - 6}" y2="{y - _GAP + 4}" '
            'stroke-dasharray="3 3"/>',
            "</svg>\n",
        ]
    )


_LABELS = {
    "W1": "1 channel of 100",
    "W1p": "the same, pipelined",
    "W2": "1 channel of 1,000",
    "W3": "100 channels of 10",
    "W7": "direct messages",
    "joins": "connecting and joining",
    "memory": "idle connections",
}
"""What is drawn, and what it is called there; latencies are for the table, as their differences are small and noisy."""
