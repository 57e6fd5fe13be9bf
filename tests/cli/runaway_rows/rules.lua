-- Each row alone is far from it, and no rule waits.
local function work(n)
  local till = os.clock() + 0.05
  while os.clock() < till do end
  if n % 2 == 0 then return nil, "even" end
  return { order_item_id = n, code = "SO-1/" .. n }
end
local rows = {}
for n = 1, 12 do rows[n] = n end
local summary = omnitron.release_all(rows, work)
print(summary.confirmed, summary.skipped)
print(omnitron.each(rows, work, { at_once = 12 }).released)
