local M = {}

function M.rule(row)
  return { order_item = 1, code = row.code }
end

return M
