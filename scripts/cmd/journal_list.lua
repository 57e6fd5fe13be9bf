-- journal_list.lua: a line for each row; records as --json has them.

local text = require "text"
local item = require "cmd.item"

return function(view, write)
  return function(row)
    if not row then
      return
    end
    local message = item.words(row.message)
    write(item.fitted(view, ("%10d  %-24s %-6s  %-9s  %s  %s%s%s\n"):format(
      row.order_item_id, item.code(view, row.code),
      row.update_stock and "let go" or "keep", row.state,
      text.when(row.last_at), item.short(view, row.source),
      message ~= "" and "  " or "", message)))
  end
end
