log.debug("debug")
log.info("info", { n = 1 })
log.warn("warn \"quoted\"\nsecond line", { code = "A/1" })
log.error("error")
