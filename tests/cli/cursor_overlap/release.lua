-- A view whose rows get their time before they are seen.
local rows = {
  { id = 1, at = "2025-11-22 02:04:07" }, { id = 2, at = "2025-11-22 02:14:07" },
  { id = 3, at = arg[1] or "2025-11-22 02:09:00" },
}
omnitron.release_all(rows, function(row)
  return { order_item_id = row.id, code = "V/" .. row.id }
end, { cursor = "view", at = function(row) return row.at end, overlap = "10m",
  name = function(row) return "line " .. row.id end })
print((tostring(omnitron.recall "view"):gsub(" ", " at ")))
