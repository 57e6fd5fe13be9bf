print "ok"
