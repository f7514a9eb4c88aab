/// How pages look, in light and dark.
public enum PageStyle {
  /// The style sheet.
  public static let sheet = """
    :root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #5b6570;
      --line: #d5dae0; --card: #f5f7f9; --good: #1a7f4b; --bad: #b42318; --blue: #2f6fdb;
      --amber: #8a5a00; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #14171b;
      --soft: #9aa5b1; --line: #353c45; --card: #1d2127; --good: #5bc98c; --bad: #ff8d80;
      --blue: #7aa7ff; --amber: #e2b04a; } }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
    h1 { font-size: 1.9rem; margin: .3rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
    h1 small, .what, .note, footer, summary { color: var(--soft); font-weight: normal; }
    .what, .note { margin: .2rem 0; } .note, footer { font-size: .9rem; }
    .badge { border: 2px solid currentColor; border-radius: .5rem; padding: 0 .6rem;
      text-transform: uppercase; letter-spacing: .03em; }
    .badge.mild { color: var(--good); } .badge.strict { color: var(--bad); }
    .flip { border-left: 4px solid var(--blue); padding-left: .8rem; margin: .4rem 0;
      font-size: 1.1rem; }
    .customer { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
      padding: .2rem 1rem .8rem; margin-top: 1.5rem; } .customer h2 { margin-top: .6rem; }
    blockquote { margin: .3rem 0; font-style: italic; }
    .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
    table.parts { table-layout: fixed; min-width: 46rem; }
    .parts thead th:nth-child(1) { width: 5.5rem; } .parts thead th:nth-child(3) { width: 9rem; }
    .parts thead th:nth-child(4) { width: 32%; } .parts thead th:nth-child(5) { width: 6.5rem; }
    .parts td { overflow-wrap: anywhere; } .parts .number { white-space: normal; }
    thead th.number { text-align: right; }
    table.signals { width: auto; } table.signals th, th[scope=rowgroup] { font-weight: normal; }
    th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
      border-bottom: 1px solid var(--line); } thead th { color: var(--soft); font-size: .85rem; }
    th[scope=rowgroup] { background: var(--card); } th p { margin: .1rem 0; color: var(--soft); }
    .points { font-weight: bold; } .fires .points { color: var(--bad); }
    .unknown .points, .error .points { color: var(--amber); }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .truth { white-space: nowrap; color: var(--soft); } .truth.true { color: var(--bad);
      font-weight: bold; } .truth.missing, .truth.error { color: var(--amber); }
    code { font: .88em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
    summary { cursor: pointer; margin: .6rem 0; }
    svg { display: block; width: 100%; height: auto; font: 14px system-ui, sans-serif; }
    svg text { fill: var(--ink); } svg .small { font-size: 12px; fill: var(--soft); }
    svg .on { paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
      stroke-linejoin: round; } svg .mark { fill: var(--bad); }
    svg .points { fill: var(--bad); } svg .total { fill: var(--blue); }
    svg .band { stroke: var(--soft); stroke-dasharray: 4 4; }
    svg .use { stroke: var(--soft); stroke-width: 1.2; stroke-opacity: .6; }
    svg .edge { stroke: var(--soft); stroke-width: 1.5; fill: none; }
    svg marker path { fill: var(--soft); }
    svg .account { fill: var(--card); stroke: var(--blue); stroke-width: 2.5; }
    svg .value { fill: var(--card); stroke: var(--amber); stroke-width: 2.5; }
    svg .subject { fill: var(--blue); }
    svg .hub { stroke-dasharray: 4 3; }
    footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .6rem; }
    @media print { details { display: block; } main { max-width: none; } }

    """
}
