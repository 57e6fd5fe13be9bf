-- journal_moved.lua: where a journal's home is now. The record: { path, was =
-- where it was ("": not known), marked = the old one is there and knows it }.

local text = require "text"

return function(_, write)
  return function(result)
    if not result then
      return
    end
    write(("%s is at home here now. "):format(text.escape(result.path)))
    if result.marked then
      write(("%s can be used no more.\n"):format(text.escape(result.was)))
    elseif result.was == "" then
      write("It did not say where it was before.\n")
    else
      write(("Nothing may be run with the one that was %s.\n"):format(
        text.escape(result.was)))
    end
  end
end
