/** The style sheet of the report: light and dark, narrow screens, print. */
export const reportStyle = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --page: #ffffff; --panel: #f3f5f7; --line: #d0d7de; --accent: #b3470b; --good: #1a7f37; --bad: #b42318; --same: #0b5cad; --added: #d8f3dc; --removed: #fde2e1; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ec; --quiet: #a3adb8; --page: #14171b; --panel: #1e2329; --line: #363d45; --accent: #ff9d5c; --good: #57c878; --bad: #ff8a80; --same: #7db8ff; --added: #17402a; --removed: #4a1f1d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h4, h5 { margin: .75rem 0 .25rem; font-size: .95rem; }
h5 { color: var(--quiet); font-size: .85rem; }
.verdict { font-size: 1.15rem; font-weight: 600; padding: .75rem 1rem; margin: 0 0 1rem; background: var(--panel); border-left: .3rem solid var(--quiet); }
.verdict p { margin: 0 0 .25rem; }
.verdict.qualified { border-color: var(--good); }
.verdict.none-good-enough { border-color: var(--bad); }
.note, figcaption, footer { color: var(--quiet); font-size: .9rem; margin: .4rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .92rem; overflow-wrap: normal; }
th, td { text-align: right; padding: .4rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { text-align: left; }
thead th { color: var(--quiet); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; }
.forest th:first-child { white-space: normal; min-width: 9rem; max-width: 16rem; overflow-wrap: break-word; }
.forest .plot { width: 36%; min-width: 9rem; padding-left: .8rem; padding-right: .8rem; }
.ticks, .track { position: relative; display: block; width: 100%; }
.ticks { height: 1.2rem; font-weight: 400; font-size: .8rem; }
.ticks span { position: absolute; bottom: 0; transform: translateX(-50%); }
.tick-0 { left: 0; } .tick-1 { left: 50%; } .tick-2 { left: 100%; }
.track { height: 1.4rem; }
.track i { position: absolute; display: block; }
.dashed { top: -.4rem; bottom: -.4rem; border-left: 1.5px dashed var(--accent); }
.solid { top: -.4rem; bottom: -.4rem; border-left: 1px solid var(--quiet); }
.bar { top: .45rem; height: .5rem; border: 2px solid currentColor; border-width: 0 2px; background: linear-gradient(currentColor, currentColor) center / 100% 2px no-repeat; }
.dot { top: .4rem; width: .6rem; height: .6rem; margin-left: -.3rem; border-radius: 50%; background: currentColor; }
.is-better .track { color: var(--good); } .is-worse .track { color: var(--bad); } .is-equivalent .track { color: var(--same); }
.basis { color: var(--quiet); }
figure { margin: 0 0 1rem; }
.chart { max-width: 36rem; }
.chart svg { display: block; width: 100%; height: auto; color: var(--text); background: transparent; font-family: inherit; font-size: 11px; overflow: visible; }
ul { padding-left: 1.2rem; }
form { background: var(--panel); padding: .75rem 1rem; margin: 1rem 0; border-radius: .4rem; }
form h2 { margin: 0; }
form.wrong #status { color: var(--bad); font-weight: 600; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .6rem .9rem; margin: .5rem 0; }
label { display: flex; flex-direction: column; justify-content: flex-end; font-size: .88rem; }
input, select, button { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--quiet); border-radius: .25rem; padding: .3rem .5rem; min-width: 0; width: 100%; }
button { width: auto; cursor: pointer; }
summary h2 { display: inline; }
.folded { margin: 1.2rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.card { border: 1px solid var(--line); border-left-width: .3rem; border-radius: .3rem; padding: .2rem .75rem; margin: .4rem 0; }
.card.is-gained { border-left-color: var(--good); } .card.is-lost { border-left-color: var(--bad); } .card.is-unscored { border-left-style: dashed; }
.card .title { font-weight: 600; }
.card .scores { display: block; color: var(--quiet); font-size: .85rem; font-variant-numeric: tabular-nums; }
.question { font-weight: 600; white-space: pre-wrap; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 0 1.2rem; }
.answer { white-space: pre-wrap; margin: .2rem 0; }
blockquote { margin: .3rem 0; padding-left: .7rem; border-left: 2px solid var(--line); white-space: pre-wrap; font-size: .92rem; }
cite { display: block; color: var(--quiet); font-size: .82rem; }
ins { background: var(--added); text-decoration: none; } del { background: var(--removed); }
@media (max-width: 640px) {
  .forest, .forest thead, .forest tbody { display: block; }
  .forest tr { display: grid; grid-template-columns: repeat(2, 1fr); gap: 0 .8rem; border-bottom: 1px solid var(--line); padding: .4rem 0; }
  .forest th, .forest td { border: 0; padding: .1rem 0; text-align: left; white-space: normal; }
  .forest th:first-child, .forest .plot { grid-column: 1 / -1; max-width: none; width: auto; }
  .forest .plot { padding: 0 .8rem; }
  .dashed, .solid { top: 0; bottom: 0; }
  .forest thead th:not(.plot) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .forest td[data-head]::before { content: attr(data-head) ": "; color: var(--quiet); font-size: .85rem; }
}
@media print { form, #more { display: none; } tr, figure, .card { break-inside: avoid; } h2 { break-after: avoid; } main { max-width: none; padding: 0; } }
`;
