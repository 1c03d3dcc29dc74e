/** The report's style sheet. System fonts only; colours keep their contrast on paper. */
export const STYLE = `
:root{--ink:#1c2733;--dim:#5b6875;--line:#d5dce3;--bar:#8fb4d6;--part:#b4472f;--head:#f2f5f8}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:#fff;font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:1060px;margin:0 auto;padding:24px 16px}
h1{font-size:24px;margin:0}h2{font-size:17px;margin:28px 0 8px;border-bottom:2px solid var(--ink);padding-bottom:4px}
small{color:var(--dim);font-weight:400;font-size:.78em}header p{margin:4px 0 0}header span,footer,.none{color:var(--dim)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:10px;margin:18px 0}
.cards div{border:1px solid var(--line);border-radius:6px;padding:8px 12px}
.cards dt{font-size:13px}.cards dt small{display:block}.cards dd{margin:2px 0 0;font-size:21px;font-weight:600;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid var(--line);padding:5px 8px;text-align:left;vertical-align:top;white-space:nowrap}
th{background:var(--head);font-size:13px;line-height:1.25}.n{text-align:right}
figure{margin:10px 0}figcaption{color:var(--dim);font-size:13px;margin-bottom:4px}
svg{width:100%;height:auto;font-size:12px;fill:var(--ink)}.bar{fill:var(--bar)}.part{fill:var(--part)}.axis{stroke:var(--dim)}
.notes{color:var(--dim);font-size:13px}footer{margin-top:24px;font-size:13px}
@media (max-width:640px){main{padding:14px 10px}.cards{grid-template-columns:1fr 1fr;gap:6px}.cards dd{font-size:18px}svg{font-size:20px}td{white-space:normal}td:last-child{min-width:6em;overflow-wrap:anywhere}}
@media print{main{max-width:none;padding:0}section{break-inside:avoid}.wide{overflow:visible}th,td{white-space:normal}}
`.trim()
