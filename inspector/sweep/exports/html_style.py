"""The look of the HTML report: the window's colours, light and dark as the reader's system is."""

from __future__ import annotations

from dataclasses import fields

from inspector.core.palette import DARK, LIGHT, Palette

_RULES = """
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 24px 20px 64px; background: var(--window);
  color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 36px 0 12px; }
h3 { font-size: 15px; margin: 0 0 8px; }
p { margin: 6px 0; max-width: 80ch; }
.quiet { color: var(--muted); }
.small { font-size: 13px; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.grid { display: grid; gap: 14px; grid-template-columns: repeat(2, 1fr); }
.tiles { display: grid; gap: 14px; grid-template-columns: repeat(4, 1fr); margin: 18px 0; }
.tiles.six { grid-template-columns: repeat(3, 1fr); }
@media (max-width: 820px) {
  .grid { grid-template-columns: 1fr; }
  .tiles, .tiles.six { grid-template-columns: repeat(2, 1fr); }
}
.panel, .tile, .card { background: var(--panel); border: 1px solid var(--grid);
  border-radius: 8px; padding: 14px 16px; min-width: 0; }
.tile b { display: block; font-size: 26px; line-height: 1.2; font-weight: 600;
  font-variant-numeric: tabular-nums; }
.tile.left { border-left: 4px solid var(--left); }
.tile.right { border-left: 4px solid var(--right); }
.banner { border-radius: 8px; padding: 12px 16px; margin: 14px 0; }
.banner.good { background: var(--good); }
.banner.warning { background: var(--warning); }
.banner.bad { background: var(--bad); }
.banner ul { margin: 6px 0 0; padding-left: 20px; }
.key { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 5px; }
.key.left { background: var(--left); } .key.right { background: var(--right); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--grid);
  vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--muted); font-weight: 600; white-space: nowrap; overflow-wrap: normal; }
th.number, td.number { text-align: right; overflow-wrap: normal; }
.share { display: block; height: 10px; border-radius: 2px; background: var(--neutral); }
.cards { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); }
.card img, .card .none { display: block; width: 100%; height: 150px; object-fit: contain;
  background: var(--window); border-radius: 4px; margin-bottom: 8px; }
.card .none { color: var(--muted); text-align: center; line-height: 150px; }
.card p { margin: 2px 0; overflow-wrap: anywhere; font-size: 13px; }
.card .side { display: flex; gap: 6px; align-items: baseline; font-size: 14px; }
.card .side span:nth-child(2) { flex: 1; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; }
svg .left { fill: var(--left); } svg .right { fill: var(--right); }
svg .neutral { fill: var(--neutral); } svg .selected { fill: var(--selected); }
svg .grid { stroke: var(--grid); stroke-width: 1; }
svg .diagonal { stroke: var(--text); stroke-width: 1.2; stroke-dasharray: 4 3; }
svg text { fill: var(--muted); font-size: 12px; font-family: inherit; }
svg .axis-title { fill: var(--text); }
@media print { body { max-width: none; } .card, .panel, .tile { break-inside: avoid; } }
"""


def style_sheet() -> str:
    """Give the report's style sheet."""
    return (
        f":root {{ color-scheme: light dark; {_variables(LIGHT)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}"
        f"{_RULES}"
    )


def _variables(palette: Palette) -> str:
    names = [part.name for part in fields(palette) if part.name != "name"]
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in names)
