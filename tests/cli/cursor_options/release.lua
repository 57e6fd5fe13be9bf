local function rule(n) return { order_item_id = n, code = "SO-1/" .. n } end
local function try(...) print(pcall(omnitron.release_all, ...)) end
try({ 1 }, rule, { cursor = "odoo" })
try({ 1 }, rule, { at = tostring })
try({ 1 }, rule, { curser = "odoo" })
try({ 1 }, rule, { at_once = 0 })
try(1, rule)
try({ 1 })
omnitron.release_all({ 1 }, rule, { cursor = "odoo", at = function() end })
print(omnitron.recall("odoo"))
