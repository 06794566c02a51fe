/** The style sheet of the report: light and dark, narrow screens, print. */
export const reportStyle = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --page: #ffffff; --panel: #f3f5f7; --line: #d0d7de; --accent: #b3470b; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ec; --quiet: #a3adb8; --page: #14171b; --panel: #1e2329; --line: #363d45; --accent: #ff9d5c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.verdict { font-size: 1.15rem; font-weight: 600; padding: .75rem 1rem; background: var(--panel); border-left: .3rem solid var(--quiet); }
.verdict.qualified { border-color: #2a8a4a; }
.verdict.none-good-enough { border-color: #c03030; }
.scroll, .plot { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .92rem; overflow-wrap: normal; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { text-align: left; }
thead th { color: var(--quiet); font-weight: 600; }
tbody th { font-weight: 600; }
figure { margin: 0 0 1rem; }
.plot svg { display: block; width: 100%; min-width: 34rem; height: auto; color: var(--text); background: transparent; font-family: inherit; font-size: 12px; }
figcaption, footer { color: var(--quiet); font-size: .88rem; }
ul { padding-left: 1.2rem; }
@media print { .plot svg { min-width: 0; } section { break-inside: avoid; } }
`;
