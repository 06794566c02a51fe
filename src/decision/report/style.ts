/** The style sheet of the report: light and dark, narrow screens, print. */
export const reportStyle = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --page: #ffffff; --panel: #f3f5f7; --line: #d0d7de; --accent: #b3470b; --good: #1a7f37; --bad: #b42318; --same: #0b5cad; --link: #0b5cad; --marked: #fff3c4; --added: #d8f3dc; --removed: #fde2e1; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ec; --quiet: #a3adb8; --page: #14171b; --panel: #1e2329; --line: #363d45; --accent: #ff9d5c; --good: #57c878; --bad: #ff8a80; --same: #7db8ff; --link: #7db8ff; --marked: #4a3c00; --added: #17402a; --removed: #4a1f1d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3, h4 { margin: .75rem 0 .25rem; font-size: .95rem; }
h4 { color: var(--quiet); font-size: .85rem; }
.verdict { font-size: 1.15rem; font-weight: 600; padding: .75rem 1rem; margin: 0 0 1rem; background: var(--panel); border-left: .3rem solid var(--quiet); }
.verdict p { margin: 0 0 .25rem; }
.glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: .6rem; margin: 0 0 1rem; }
.glance div { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .75rem; }
.glance dt { color: var(--quiet); font-size: .85rem; }
.glance dd { margin: 0; font-variant-numeric: tabular-nums; }
.glance strong { display: block; font-size: 1.2rem; white-space: nowrap; }
.glance span { color: var(--quiet); font-size: .85rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1rem; padding: 0; margin: 1rem 0 0; font-size: .88rem; }
nav a { display: inline-block; padding: .2rem 0; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
:target { background: var(--marked); scroll-margin-top: 1rem; }
.verdict.qualified { border-color: var(--good); }
.verdict.none-good-enough { border-color: var(--bad); }
.note, figcaption, footer { color: var(--quiet); font-size: .9rem; margin: .4rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .92rem; overflow-wrap: normal; }
th, td { text-align: right; padding: .4rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { text-align: left; }
thead th { color: var(--quiet); font-weight: 600; vertical-align: bottom; white-space: normal; }
tbody th { font-weight: 600; }
.forest th:first-child { white-space: normal; min-width: 9rem; max-width: 16rem; overflow-wrap: break-word; }
.forest .plot { width: 36%; min-width: 9rem; padding-left: .8rem; padding-right: .8rem; }
.ticks, .track { position: relative; display: block; width: 100%; }
.ticks { height: 1.2rem; font-weight: 400; font-size: .8rem; }
.ticks span { white-space: nowrap; position: absolute; bottom: 0; transform: translateX(-50%); }
.tick-0 { left: 0; } .tick-1 { left: 50%; } .tick-2 { left: 100%; }
.track { height: 1.4rem; }
.track i { position: absolute; display: block; }
.dashed { top: -.4rem; bottom: -.4rem; border-left: 1.5px dashed var(--accent); }
.solid { top: -.4rem; bottom: -.4rem; border-left: 1px solid var(--quiet); }
.bar { top: .45rem; height: .5rem; border: 2px solid currentColor; border-width: 0 2px; background: linear-gradient(currentColor, currentColor) center / 100% 2px no-repeat; }
.dot { top: .4rem; width: .6rem; height: .6rem; margin-left: -.3rem; border-radius: 50%; background: currentColor; }
.is-better .track { color: var(--good); } .is-worse .track { color: var(--bad); } .is-equivalent .track { color: var(--same); }
.words { white-space: normal; text-align: left; min-width: 7rem; }
.cards td, .cards th { vertical-align: top; }
.cards tbody th { white-space: normal; min-width: 8rem; }
.is-sum th, .is-sum td { font-weight: 600; border-top: 2px solid var(--quiet); }
.outcome { font-weight: 600; }
.is-better .outcome { color: var(--good); } .is-worse .outcome { color: var(--bad); }
.stacked, .stacked thead, .stacked tbody { display: block; }
.stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.stacked tbody tr { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .1rem 1rem; border: 1px solid var(--line); border-left: .3rem solid var(--line); border-radius: .3rem; padding: .4rem .75rem; margin: .4rem 0; }
.stacked .is-better { border-left-color: var(--good); } .stacked .is-worse { border-left-color: var(--bad); } .stacked .is-untested { border-style: dashed; color: var(--quiet); }
.stacked th, .stacked td { border: 0; padding: .1rem 0; text-align: left; white-space: normal; }
.stacked tbody th { grid-column: span 2; font-size: 1rem; }
.stacked .words { grid-column: span 2; }
.stacked .sentence { grid-column: 1 / -1; }
.sentence { white-space: normal; text-align: left; min-width: 12rem; }
.stacked td::before { content: attr(data-head) ": "; color: var(--quiet); font-weight: 400; font-size: .9em; }
.stacked .empty { display: none; }
figure { margin: 0 0 1rem; }
.chart { max-width: 36rem; }
.chart svg { display: block; width: 100%; height: auto; color: var(--text); background: transparent; font-family: inherit; font-size: 11px; overflow: visible; }
ul { padding-left: 1.2rem; }
html:not(.scripted) form { display: none; }
.sliders { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: .5rem 1.5rem; margin: .5rem 0; }
.slider { display: grid; grid-template-columns: 1fr 7.5rem; gap: 0 .6rem; align-items: center; }
.slider label { grid-column: 1 / -1; display: block; font-weight: 600; }
.unit { color: var(--quiet); font-weight: 400; }
.slider output { display: none; }
input[type=range] { accent-color: var(--accent); border: 0; padding: 0; background: none; min-height: 1.6rem; }
.figures { margin: 0 0 1rem; font-size: .9rem; }
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
@media screen and (max-width: 820px) {
  .forest, .forest thead, .forest tbody, .cards, .cards thead, .cards tbody { display: block; }
  .forest tr, .cards:not(.stacked) tbody tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 .8rem; border-bottom: 1px solid var(--line); padding: .4rem 0; }
  .forest th, .forest td, .cards th, .cards td { border: 0; padding: .1rem 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .forest th:first-child, .forest .plot, .cards tbody th, .cards:not(.stacked) .words, .stacked .words, .cards .sentence { grid-column: 1 / -1; max-width: none; width: auto; }
  .stacked tbody tr { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .forest .plot { padding: 0 .8rem; }
  .dashed, .solid { top: 0; bottom: 0; }
  .forest thead th:not(.plot), .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .forest td[data-head]::before, .cards:not(.stacked) td::before { content: attr(data-head) ": "; color: var(--quiet); font-weight: 400; font-size: .85rem; }
  .cards .empty { display: none; }
}
@media print {
  :root { color-scheme: light; --text: #000; --quiet: #444c56; --page: #fff; --panel: #fff; --line: #bbb; --accent: #b3470b; --good: #1a7f37; --bad: #b42318; --same: #0b5cad; --link: #000; --added: #d8f3dc; --removed: #fde2e1; --marked: #fff; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 16pt; }
  h2 { font-size: 12.5pt; margin-top: 1.2rem; break-after: avoid; }
  nav, #more, #filter, button, #status, form .note, form details:not(.printed), .slider input, .figures > summary { display: none; }
  form { border: 1px solid var(--line); break-inside: avoid; }
  .slider { display: block; break-inside: avoid; }
  .slider output { display: block; }
  .unit { display: none; }
  .sliders { grid-template-columns: repeat(3, 1fr); }
  .glance { grid-template-columns: repeat(4, 1fr); }
  th, td { padding: .25rem .35rem; white-space: normal; }
  .forest th:first-child { min-width: 6rem; }
  .forest .plot { width: 26%; min-width: 6rem; }
  .words, .sentence { min-width: 5rem; }
  .stacked { font-size: 9.5pt; }
  tr, figure, .card, .glance, .verdict, .stacked tbody tr, li { break-inside: avoid; }
  .note, figcaption { break-before: avoid; }
  a { text-decoration: none; }
  table { font-size: 9pt; }
  .chart { max-width: 30rem; }
}
`;
