-- tries: release inside a rule inside release_all inside each inside a closer, of the same items
-- exit: 0 1 3
-- bound: 40
-- sent: 3
local function one(row) return { order_item_id = row.item, code = row.erp_doc, update_stock = true } end
local function rule(row)
  omnitron.release(one(row))
  local _ <close> = setmetatable({}, { __close = function() omnitron.release(one(row)) end })
  omnitron.release_all({ row }, function(r)
    omnitron.each({ r }, function(q) omnitron.release(one(q)) end)
    return { one(r), one(r) }
  end)
  return one(row)
end
local s = omnitron.release_all(csv.rows(here "lines.csv"), rule, { at_once = 3 })
print(s.confirmed, s.already, s.failed, s.invalid)
omnitron.release_all(csv.rows(here "lines.csv"), one)
