local function show(what, summary)
  print(what)
  for _, key in ipairs { "complete", "safe", "stopped", "rows", "released",
    "skipped", "later", "failed", "invalid", "releases", "confirmed",
    "already", "rejected", "conflict", "unknown", "pending" } do
    io.write(key, "=", tostring(summary[key]), " ")
  end
  print()
  for _, p in ipairs(summary.problems) do
    print(p.row, p.at, p.name, p.what, p.message)
  end
end
local function rule(row)
  if row.skip then return nil, "never" end
  if row.later then return nil, "not yet", "later" end
  return { order_item_id = row.item, code = row.code }
end
local function release(what, rows)
  show(what, omnitron.release_all(rows, rule, {
    at_once = 1, name = function(row) return row.code end,
  }))
end
release("nothing", {})
release("good", { { item = 1, code = "A/1" }, { skip = true } })
release("again", { { item = 1, code = "A/1" }, { item = 99999, code = "A/2" },
  { item = 1, code = "A/3" } })
release("not all", { { item = 4, code = "A/4" }, { later = true },
  { item = "x", code = "A/5" } })
