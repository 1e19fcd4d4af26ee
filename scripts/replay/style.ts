/** Everything inline: the file opens without a network, also years later. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --faint: #6b7280; --grid: #e3e6ea; --card: #f6f7f9;
  --a: #b3261e; --b: #e07a1f; --c: #e3b505; --d: #6fa8a0; --e: #2b6f8a; --f: #b9bec6; --main: #2b5fb3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #14171b; --faint: #9aa2ad; --grid: #2c3138; --card: #1c2026;
  --a: #ff6f61; --b: #f2994a; --c: #f2cf4a; --d: #7cc4b8; --e: #5aa9c9; --f: #59606b; --main: #7ba7f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 960px; padding: 24px 16px 64px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 4px; } h2 { font-size: 1.1rem; margin: 32px 0 8px; } p { max-width: 72ch; }
.lead, small, footer { color: var(--faint); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 8px; padding: 0; list-style: none; }
.facts li { background: var(--card); border-radius: 8px; padding: 10px 12px; }
.facts b { display: block; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
figure { margin: 28px 0 0; } figcaption { font-weight: 600; margin-bottom: 4px; } figcaption small { font-weight: 400; }
svg { width: 100%; height: auto; display: block; } text { fill: var(--faint); font-size: 12px; }
.value { text-anchor: end; } .time { text-anchor: middle; } .grid { stroke: var(--grid); stroke-width: 1; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .band { stroke: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 4px 0 0; padding: 0; list-style: none; font-size: 13px; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 6px; }
${["a", "b", "c", "d", "e", "f", "main"].map((name) => `.line.${name} { stroke: var(--${name}); } .band.${name} { fill: var(--${name}); } i.${name} { background: var(--${name}); }`).join("\n")}
pre { background: var(--card); border-radius: 8px; padding: 14px; overflow-x: auto; font-size: 12.5px; line-height: 1.45; }
`;
