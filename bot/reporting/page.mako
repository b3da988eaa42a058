<%!
    import math

    def unmet(gap):
        """"18 refused, 5 voted down"; what is none is left out."""
        voted_down = gap["questions"] - gap["refused"] - gap["unsure"]
        counts = (gap["refused"], "refused"), (gap["unsure"], "unsure"), (voted_down, "voted down")
        return ", ".join(f"{n} {said}" for n, said in counts if n)
%>\
<%
    totals, votes, costs, documents = report["totals"], report["votes"], report["costs"], report["documents"]
    few = "Fewer than five people asked: figures are not broken down."
%>\
<%def name="ranked(title, rows, name, unit)">
% if rows:
<table>
<caption>${title}</caption>
<tr><th>${name}</th><th class="n">${unit}</th></tr>
% for row in rows:
<tr><td>${row[name]}<span class="bar" style="width:${math.ceil(100 * row["count"] / rows[0]["count"])}%"></span></td><td class="n">${number(row["count"])}</td></tr>
% endfor
</table>
% endif
</%def>\
<%def name="used(title, rows, name)">
% if rows:
<table>
<caption>${title}</caption>
<tr><th>${name}</th><th class="n">tokens</th><th class="n">cost</th></tr>
% for row in rows:
<tr><td>${row[name]}</td><td class="n">${number(row["tokens"])}</td><td class="n">${dollars(row["cost_usd"])}</td></tr>
% endfor
</table>
% endif
</%def>\
<%def name="listed(title, rows, note)">
% if rows:
<h3>${title} <span class="soft">${len(rows)}</span></h3>
<p class="soft">${note}</p>
<ul>
% for row in rows[:40]:
<li>${row["title"]} <code>${row["document"]}</code>${f' → {row["by"]}' if "by" in row else ""}</li>
% endfor
% if len(rows) > 40:
<li>and ${len(rows) - 40} more: policybot status --documents</li>
% endif
</ul>
% endif
</%def>\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>policybot: ${report["first"]} to ${report["last"]}</title>
<style>${style | n}</style>
</head>
<body>
<main>
<h1>What people asked the policy manual</h1>
<p class="soft">${report["first"]} to ${report["last"]}, days in UTC${f', {report["people"]} people' if report["people"] else ""}</p>
<dl class="tiles">
% for name, value in [("questions", number(totals["questions"])), ("answered", number(totals["answered"])), ("unsure", number(totals["unsure"])), ("refused", number(totals["refused"])), ("degraded", number(totals["degraded"])), ("failed", number(totals["failed"])), ("votes for / against", f'{votes["up"]} / {votes["down"]}'), ("first words, half within", seconds(totals["first_words_p50_ms"])), ("first words, 95% within", seconds(totals["first_words_p95_ms"])), ("tokens", number(totals["tokens"])), ("cost", dollars(totals["cost_usd"]))]:
<div><dt>${name}</dt><dd>${value}</dd></div>
% endfor
</dl>
<p class="soft">Unsure: answered with the words that it may not answer, or without something that was asked about. Refused: nothing in the manual was sure enough. Degraded: the model was away or broke off, so the manual's own sentences answered. Tokens and cost are those of evaluations and replays too.</p>
% if not report["broken_down"]:
<p>${few}</p>
% endif

% if report["days"]:
<section class="pair">
<div>
<h2>Questions by day</h2>
${outcome_bars(report["days"]) | n}
</div>
<div>
<h2>Time to the first words, in seconds</h2>
${wait_lines(report["days"]) | n}
</div>
<details>
<summary>The figures of each day</summary>
<div class="wide" tabindex="0" role="region" aria-label="The figures of each day">
<table>
<tr><th>day</th><th class="n">questions</th><th class="n">answered</th><th class="n">unsure</th><th class="n">refused</th><th class="n">degraded</th><th class="n">failed</th><th class="n">half</th><th class="n">95%</th></tr>
% for day in report["days"]:
<tr><td class="day">${day["day"]}</td><td class="n">${number(day["questions"])}</td><td class="n">${number(day["answered"])}</td><td class="n">${number(day["unsure"])}</td><td class="n">${number(day["refused"])}</td><td class="n">${number(day["degraded"])}</td><td class="n">${number(day["failed"])}</td><td class="n">${seconds(day["first_words_p50_ms"])}</td><td class="n">${seconds(day["first_words_p95_ms"])}</td></tr>
% endfor
</table>
</div>
</details>
</section>
% endif

<section>
<h2>What is missing</h2>
% if report["gaps"]:
<p class="soft">Questions that were refused, answered unsurely or voted down, like ones together, by the section that comes nearest. Private ones are counted above, not shown.</p>
% else:
<p>No question was refused, answered unsurely or voted down; private ones are not shown.</p>
% endif
% for gap in report["gaps"]:
<h3>${gap["section"] or "Nothing comes near"}</h3>
<p class="soft">${gap["questions"]} ${"question" if gap["questions"] == 1 else "questions"}: ${unmet(gap)}</p>
<ul>
% for group in gap["groups"]:
<li>${unmet(group) + ": " if len(gap["groups"]) > 1 else ""}${" · ".join("“" + one["question"] + "”" for one in group["examples"])}</li>
% endfor
</ul>
% endfor
</section>

<section class="pair">
<div>
<h2>Votes</h2>
<p>${votes["up"]} for, ${votes["down"]} against.</p>
% if votes["reasons"] is None:
<p class="soft">Fewer than five people voted: reasons are not broken down.</p>
% else:
${ranked("Why against", [{**row, "reason": reason(row["reason"])} for row in votes["reasons"]], "reason", "count")}
% endif
</div>
<div>
<h2>Most cited</h2>
${ranked("Sections by answers that cite them", report["cited"], "section", "count")}
</div>
</section>

<section>
<h2>Documents to look at</h2>
% if not any(documents.values()):
<p>None: every document has an owner, is in force, and is as its file is.</p>
% endif
${listed("Superseded", documents["superseded"], "A newer edition is in force, or it says that it no longer applies. Remove the file, or keep it for questions about earlier times.")}
${listed("Changed since ingest", documents["stale"], "The file changed or went. Run policybot ingest.")}
${listed("Without an owner", documents["without_owner"], "Nobody is named who answers for it: state the owner on its title page or in a file beside it (docs/owner.md).")}
</section>

<section>
<h2>Tokens and cost</h2>
% if costs["daily_tokens"] or costs["daily_usd"]:
<%
    most = max((day["tokens"] for day in costs["days"]), default=0), max((day["cost_usd"] for day in costs["days"]), default=0)
%>\
<p>Budget a day: ${" and ".join(filter(None, [costs["daily_tokens"] and number(costs["daily_tokens"]) + " tokens", costs["daily_usd"] and dollars(costs["daily_usd"])]))}.
% if costs["days"]:
The busiest day used ${" and ".join(filter(None, [costs["daily_tokens"] and f'{most[0] / costs["daily_tokens"]:.0%} of the tokens', costs["daily_usd"] and f'{most[1] / costs["daily_usd"]:.0%} of the money']))}.
% endif
</p>
% else:
<p class="soft">No budget is set (POLICYBOT_DAILY_TOKENS, POLICYBOT_DAILY_USD).</p>
% endif
<div class="pair">
% if costs["days"]:
<div>${cost_lines(costs["days"], costs["daily_tokens"]) | n}</div>
% endif
<div>
${used("By feature", costs["features"], "feature")}
${used("By model", costs["models"], "model")}
${used("By channel", costs["channels"], "channel")}
</div>
</div>
<p class="soft">A model without a known price costs 0 here.</p>
</section>
% for line in report.get("endpoints", ()):
<p class="soft">${line[0].upper() + line[1:]}.</p>
% endfor
<p class="soft">Made by policybot report. People are not named, and what fewer than five people did is not broken down.</p>
</main>
</body>
</html>
